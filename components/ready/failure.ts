import type { Look } from "./look";

/** A container that did not get ready, and what there is to say of it. */
export interface Unready {
  /** On the host. */
  name: string;
  /** In the program. */
  urn: string;
  look: Look;
  /** Did its check pass, and it ended afterwards? */
  answered: boolean;
  /** Seconds that it had. */
  patienceSeconds: number;
  /** The last lines of its log. */
  log: string[];
}

const LONGEST_TEXT = 400;

/** What went wrong with all that did not get ready, and what to do. Pure. */
export function unreadyText(failures: Unready[]): string {
  const named = failures.flatMap((one) => [
    `  ${one.name} ${reason(one)}`,
    ...(one.log.length === 0 ? ["    and its log is empty"] : ["    Its log ends with:"]),
    ...one.log.map((line) => `    | ${cut(line)}`),
  ]);
  const replace = failures.map(({ urn }) => `--replace '${urn}'`).join(" ");
  return [
    `Not ready (${failures.length}):`,
    ...named,
    `When the cause is gone, \`npm run up\` recreates what is still not ready; plain pulumi does with: pulumi up ${replace}`,
  ].join("\n");
}

function reason({ look, answered, patienceSeconds }: Unready): string {
  const { state, restarts, exitCode, outOfMemory, check } = look;
  const end = `exit code ${exitCode}${outOfMemory ? ", killed at its memory limit" : ""}`;
  if (state === "gone") return "is gone: somebody removed it while it was waited for";
  if (answered) return `answered once and then ended (${end})`;
  if (restarts > 0)
    return `restarts in circles: ${restarts} times within ${patienceSeconds} s, last with ${end}`;
  if (state !== "running") return `is ${state} (${end})`;
  if (!check) return `was not ready within ${patienceSeconds} s`;
  const command = cut(check.command.join(" "));
  if (check.code === undefined && check.exec)
    return `hangs in its check within ${patienceSeconds} s; this has not ended: ${command}`;
  const code = check.code === undefined ? "cannot be run" : `ends with ${check.code}`;
  const said =
    check.output.trim() === "" ? "" : `: ${cut(check.output.trim().replaceAll(/\s*\n\s*/g, "; "))}`;
  return `was not ready within ${patienceSeconds} s: its check ${code}${said} (${command})`;
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

/** Shorter ones are names and numbers, which a text without them would not be understood without. */
const SHORTEST_SECRET = 12;

/**
 * A text of a container without the values of its environment, secrets among them, and without passwords in URLs. Pure.
 * @param env as the Engine has it, `NAME=value`
 */
export function withoutSecrets(text: string, env: string[]): string {
  const values = env
    .map((entry) => entry.slice(entry.indexOf("=") + 1))
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  const hidden = values.reduce((rest, value) => rest.replaceAll(value, "***"), text);
  return hidden.replaceAll(/:\/\/[^\s/@]+@/g, "://***@");
}
