import { bringUp, type UpOutcome } from "../commands/up";
import { say } from "../say";
import { EXIT, Stop } from "../stop";
import type { RegionFolder } from "./folder";

/** An edit that was written, with what to call it and how to take it back. */
export interface WrittenEdit {
  file: string;
  undo(): Promise<void>;
}

/**
 * Goes on to the preview and `up`. When they are refused before anything was changed, the edit is taken back, so that
 * exit code 2 means the same as everywhere. When `up` fails or is answered with no, the file stays: it says what is
 * wanted, and another `up` goes on.
 * @throws what `up` throws
 */
export async function applyEdit(
  edit: WrittenEdit,
  folder: RegionFolder,
  options: { stack: string; cwd: string; yes: boolean; json: boolean },
): Promise<UpOutcome> {
  const outcome = await bringUp({ ...options, allowDataLoss: [] }).catch(async (error: unknown) => {
    if (isRefusal(error)) {
      await edit.undo();
      say(`\`up\` was refused, so ${edit.file} is as it was before.`);
    } else {
      sayKept(edit, folder);
    }
    throw error;
  });
  if (outcome.result !== "succeeded") sayKept(edit, folder);
  return outcome;
}

function isRefusal(error: unknown): boolean {
  const isStop = error instanceof Stop;
  return isStop ? error.exitCode === EXIT.badInput : error instanceof Error && error.name === "ConfigError";
}

function sayKept({ file }: WrittenEdit, { stack }: RegionFolder): void {
  const flag = stack === "dev" ? "" : ` -- --stack ${stack}`;
  say(`${file} keeps the change. Go on with \`npm run up${flag}\`, or take it back with git.`);
}
