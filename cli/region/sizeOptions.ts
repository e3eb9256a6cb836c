import { Option } from "commander";
import { sampleKeys } from "../../operations/lifecycle/sample";
import { SIZE_KEYS, type SizeKey } from "../../operations/lifecycle/values";

const WHAT: Record<SizeKey, [flag: string, words: string]> = {
  cpu: ["--cpu <number>", "CPUs"],
  memory: ["--memory <size>", "memory of all containers together"],
  disk: ["--disk <size>", "disk of database, cache and storage together"],
  players: ["--players <number>", "players"],
};

const UNITS = "GB is 10^9 bytes, GiB is 2^30";

/** What a person should know before choosing. */
const NOTES: Record<"add" | "scale", Record<SizeKey, string>> = {
  add: {
    cpu: "can change later without a restart",
    memory: `${UNITS}; can change later without a restart`,
    disk: "can only grow later",
    players: "more of them need more memory; a later change restarts the region's server",
  },
  scale: {
    cpu: "changes in place, without a restart",
    memory: `${UNITS}; changes in place, without a restart`,
    disk: "only grows; in place, without a restart",
    players:
      "more of them need more memory; replaces the region's server and worker, and its database when that takes " +
      "another number of connections",
  },
};

/** The options for a region's size, each with its range, its default for a new region and what a change means. */
export function sizeOptions(command: "add" | "scale"): Option[] {
  const keys = sampleKeys("", 1);
  return SIZE_KEYS.map((key) => {
    const [flags, words] = WHAT[key];
    const rule = keys.find(({ path }) => path.split(".").at(-1) === key);
    const byDefault = command === "add" ? ` (default: ${rule?.value})` : "";
    return new Option(flags, `${words}: ${rule?.about}; ${NOTES[command][key]}${byDefault}`);
  });
}
