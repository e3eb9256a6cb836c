import type { Verification } from "../operations/verify/verify";
import { count } from "../operations/words";
import { columns } from "./table";

/** The result for a person: a line for each region that is right, one for each difference, and what to do. */
export function report(verification: Verification): string {
  const { drift, notes } = verification;
  return [
    table(verification),
    ...(drift.length > 0 ? [`What to do:\n${remedies(verification)}`] : []),
    ...(notes.length > 0
      ? [`Also:\n${columns(notes.map(({ region, container, text }) => [`  ${container || region}`, text]))}`]
      : []),
    summary(verification),
  ].join("\n\n");
}

function table({ regions, drift }: Verification): string {
  const known = new Set(regions.map(({ name }) => name));
  const line = ({ region, container, what, declared, enforced }: (typeof drift)[number]): string[] => [
    region,
    container || "-",
    what,
    declared,
    enforced,
  ];
  const rows = regions.flatMap(({ name, containers }) => {
    const own = drift.filter(({ region }) => region === name);
    return own.length > 0 ? own.map(line) : [[name, count(containers, "container"), "ok"]];
  });
  const others = drift.filter(({ region }) => !known.has(region)).map(line);
  return columns([["REGION", "CONTAINER", "WHAT", "DECLARED", "ENFORCED"], ...rows, ...others]);
}

/** Each remedy once, with the number of differences that it is for. */
function remedies({ drift }: Verification): string {
  const uses = [...Map.groupBy(drift, ({ remedy }) => remedy)];
  return uses.map(([remedy, { length }]) => `  ${remedy} (${count(length, "difference")})`).join("\n");
}

/** One line, for the end of an `up`. */
export function summary({ regions, drift, limitsFrom }: Verification): string {
  const containers = regions.reduce((sum, region) => sum + region.containers, 0);
  if (drift.length > 0) return `Not as declared: ${count(drift.length, "difference")}.`;
  const { kernel, engine } = limitsFrom;
  const source = engine === 0 ? "the kernel's own files" : kernel === 0 ? "the Engine" : "kernel and Engine";
  return `As declared: ${count(containers, "container")} in ${count(regions.length - 1, "region")} and the Nexus; limits read from ${source}.`;
}
