import { bringUp, type UpOutcome } from "../../cli/commands/up";
import { say } from "../../cli/say";
import { EXIT, Stop } from "../failure";
import type { RegionFolder } from "./folder";

/** An edit that was written, with what to call it and how to take it back. */
export interface WrittenEdit {
  file: string;
  undo(): Promise<void>;
}

/**
 * Goes on to the preview and `up`. When they are refused before anything was changed (bad input, a policy, a preview
 * that fails), the edit is taken back. When `up` fails or is answered with no, the file stays: it says what is wanted,
 * and another `up` goes on.
 * @throws what `up` throws
 */
export async function applyEdit(
  edit: WrittenEdit,
  folder: RegionFolder,
  options: { stack: string; cwd: string; yes: boolean; json: boolean },
): Promise<UpOutcome> {
  const outcome = await bringUp({ ...options, allowDataLoss: [] }).catch(async (error: unknown) => {
    if (isRefusal(error)) {
      await takeBack(edit);
    } else {
      sayKept(edit, folder);
    }
    throw error;
  });
  if (outcome.result === "refused") await takeBack(edit);
  else if (outcome.result !== "succeeded") sayKept(edit, folder);
  return outcome;
}

async function takeBack({ file, undo }: WrittenEdit): Promise<void> {
  await undo();
  say(`\`up\` was refused, so ${file} is as it was before.`);
}

function isRefusal(error: unknown): boolean {
  const isStop = error instanceof Stop;
  return isStop ? error.exitCode === EXIT.badInput : error instanceof Error && error.name === "ConfigError";
}

function sayKept({ file }: WrittenEdit, { stack }: RegionFolder): void {
  const flag = stack === "dev" ? "" : ` -- --stack ${stack}`;
  say(`${file} keeps the change. Go on with \`npm run up${flag}\`, or take it back with git.`);
}
