import { candidateOf, type Platform } from "../../../platform";
import { amount, RESOURCE_KEYS, refusal } from "../../../regions/admission";
import { type Amounts, type OtherStack, RESOURCES } from "../../../regions/capacity";
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
 * regions already. It may be smaller, and other stacks do not count then: it is this one's part.
 */
export function checkAdmission(platform: Platform, measured: HostSize): MeasuredAdmission {
  const { settings, regions } = platform;
  const { diskProblem } = measured;
  const notes =
    diskProblem === undefined
      ? []
      : [`the disk of the Docker host was not measured (${diskProblem}), so nothing was compared with it.`];
  if (settings.host) return { problems: overdeclared(settings.host, measured), notes };
  const candidate = candidateOf(settings, regions, measured, "the Docker host");
  const refused = refusal({ ...candidate, others: countedStacks(settings, measured) });
  if (refused) return { problems: [{ message: refused.message }], notes };
  const beside = refusal({ ...candidate, others: measured.otherStacks });
  if (beside) {
    notes.push(
      `with its other stacks, the Docker host promises more than it has. In production this would be refused: ${beside.message}`,
    );
  }
  return { problems: [], notes };
}

/**
 * The other stacks whose promises are kept beside this one's. Elsewhere than in production hosts are shared on
 * purpose, as by tests and a developer's own stack, and nobody pays for what is promised.
 */
export function countedStacks(
  { environment }: Platform["settings"],
  { otherStacks = [] }: HostSize,
): readonly OtherStack[] {
  return environment === "production" ? otherStacks : [];
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
