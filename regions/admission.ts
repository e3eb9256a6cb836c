import { formatCpu, roughSize } from "../config/units";
import {
  type Admission,
  type AdmissionRules,
  type Amounts,
  admit,
  type OtherStack,
  type Resource,
  roomFor,
  type Shortage,
  total,
} from "./capacity";
import type { RegionResources } from "./model";

/** What is admitted: a host and all that shall run on it. */
export interface Candidate {
  host: Amounts;
  /** What messages call the host, as the end of "less than ... has": "the declared host". */
  hostName: string;
  rules: AdmissionRules;
  nexus: RegionResources;
  /** Other stacks on the host; none on a declared one, which is this stack's alone. */
  others?: readonly OtherStack[];
  regions: readonly { name: string; slot: number; resources: RegionResources }[];
  /** Folder of the region files, as messages name it. */
  regionsDir: string;
}

/** Why the host cannot keep all promises; undefined when it can. */
export interface Refused {
  /** What is short; the first one is the place that a message points to. */
  shortages: Shortage[];
  message: string;
}

/** Names of the resources in settings and in messages. */
export const RESOURCE_KEYS = { cpuMillis: "cpu", memoryBytes: "memory", diskBytes: "disk" } as const;

/** More files than this are counted, not named. */
const MAX_NAMED = 8;
/** More stacks than this are added up. */
const MAX_STACKS = 3;

/** Do the Nexus and all regions fit on the host at their full size? Pure. */
export function refusal(candidate: Candidate): Refused | undefined {
  const { host, rules, nexus, others, regions } = candidate;
  const admission = admit(roomFor(host, rules, nexus, others), regions);
  if (admission.shortages.length === 0) return undefined;
  const sentences = [
    ...admission.shortages.map((shortage) => shortageText(shortage, candidate)),
    remedyText(admission, candidate),
  ];
  return { shortages: admission.shortages, message: sentences.join(" ") };
}

/** `2 CPUs`, `3GB`. */
export function amount(
  resource: Resource,
  value: number,
  round: (value: number) => number = Math.round,
): string {
  if (resource !== "cpuMillis") return roughSize(value, round);
  return value === 1000 ? "1 CPU" : `${formatCpu(value)} CPUs`;
}

function shortageText({ resource, wanted, room }: Shortage, candidate: Candidate): string {
  const { host, hostName, rules, nexus, others = [], regions } = candidate;
  const key = RESOURCE_KEYS[resource];
  const given = regions.length === 1 ? "1 region of" : `${regions.length} regions that add up to`;
  const overcommit =
    resource === "cpuMillis" && rules.cpuOvercommit !== 1
      ? `, times ${rules.cpuOvercommit} (nexus:admission.cpuOvercommit)`
      : "";
  const origin =
    `${hostName} has ${amount(resource, host[resource] ?? 0)}, less ${amount(resource, rules.reserve[resource])} for the system ` +
    `(nexus:admission.reserve.${key})${overcommit}, less ${amount(resource, nexus[resource])} for the Central Nexus${othersText(resource, others)}`;
  if (room < 0) {
    const alone =
      total(others, resource) > 0
        ? "the Central Nexus and the other stacks take"
        : "the Central Nexus alone takes";
    return `${key}: ${alone} ${amount(resource, -room, Math.ceil)} more than there is: ${origin}.`;
  }
  const excess = amount(resource, wanted - room, Math.ceil);
  const verb = regions.length === 1 ? "was" : "were";
  return `${key}: ${given} ${amount(resource, wanted)} ${verb} given; allowed is ${amount(resource, room, Math.floor)}, exceeded by ${excess}: ${origin}.`;
}

function othersText(resource: Resource, others: readonly OtherStack[]): string {
  if (resource === "diskBytes") return "";
  const parts = others
    .slice(0, MAX_STACKS)
    .map((other) => `, less ${amount(resource, other[resource])} for ${other.name}`);
  const more = others.slice(MAX_STACKS);
  const rest = `, less ${amount(resource, total(more, resource))} for ${more.length} other stacks`;
  return parts.join("") + (more.length > 0 ? rest : "");
}

function remedyText<T extends Candidate["regions"][number]>(
  admission: Admission<T>,
  { regionsDir, others = [] }: Candidate,
): string {
  if (admission.shortages.some(({ room }) => room < 0)) {
    const down = others.length > 0 ? ", or take another stack down" : "";
    return `Use a larger host, or the smaller nexus:profile${down}.`;
  }
  const files = admission.last.map(({ name, slot }) => `${regionsDir}/${name}.yaml (slot ${slot})`);
  const named = files.slice(0, MAX_NAMED).join(", ");
  const more = files.length > MAX_NAMED ? ` and ${files.length - MAX_NAMED} more` : "";
  return (
    `For the rest to fit, the last by slot would have to go: ${named}${more}. ` +
    "Make regions smaller, remove some, or use a larger host; `npm run capacity` says how many fit."
  );
}
