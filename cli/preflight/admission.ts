import { candidateOf, type Platform } from "../../platform";
import { amount, RESOURCE_KEYS, refusal } from "../../regions/admission";
import { type Amounts, RESOURCES } from "../../regions/capacity";
import type { HostProblem } from "./checks";
import type { HostSize } from "./hostSize";

/** What measuring the Docker host says about a stack. */
export interface MeasuredAdmission {
  /** Why it must not come up there. */
  problems: HostProblem[];
  /** What a person should know and nothing is refused for. */
  notes: string[];
}

/**
 * Can the Docker host keep what the stack promises? Pure.
 *
 * A declared host is what counts, as long as the real one has as much: `loadPlatform` has compared it with the
 * regions already. It may be smaller, which is how two stacks share a host.
 */
export function checkAdmission(platform: Platform, measured: HostSize): MeasuredAdmission {
  const { settings, regions } = platform;
  const { diskProblem } = measured;
  const notes =
    diskProblem === undefined
      ? []
      : [`the disk of the Docker host was not measured (${diskProblem}), so nothing was compared with it.`];
  if (settings.host) return { problems: overdeclared(settings.host, measured), notes };
  const refused = refusal(candidateOf(settings, regions, measured, "the Docker host"));
  return { problems: refused ? [{ message: refused.message }] : [], notes };
}

function overdeclared(declared: Amounts, measured: HostSize): HostProblem[] {
  return RESOURCES.flatMap((resource) => {
    const [given, there] = [declared[resource], measured[resource]];
    if (given === undefined || there === undefined || given <= there) return [];
    return [
      {
        setting: `nexus:host.${RESOURCE_KEYS[resource]}`,
        message:
          `${amount(resource, given, Math.ceil)} was given; allowed is what the Docker host has, ` +
          `${amount(resource, there, Math.floor)}. Correct it, or leave nexus:host out to count with what is there.`,
      },
    ];
  });
}
