import { ConfigError } from "../../config/problems";
import type { UpOutcome } from "../deploy/up";
import { Failure } from "../failure";
import { stackFlag } from "../words";
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
  up: () => Promise<UpOutcome>,
): Promise<UpOutcome> {
  const outcome = await up().catch(async (error: unknown) => {
    if (isRefusal(error)) {
      await takeBack(edit, folder);
    } else {
      sayKept(edit, folder);
    }
    throw error;
  });
  if (outcome.result === "refused") await takeBack(edit, folder);
  else if (outcome.result !== "succeeded") sayKept(edit, folder);
  return outcome;
}

async function takeBack({ file, undo }: WrittenEdit, { say }: RegionFolder): Promise<void> {
  await undo();
  say(`\`up\` was refused, so ${file} is as it was before.`);
}

function isRefusal(error: unknown): boolean {
  return error instanceof ConfigError || (error instanceof Failure && error.kind === "bad-input");
}

function sayKept({ file }: WrittenEdit, { stack, say }: RegionFolder): void {
  const flag = stackFlag(stack);
  say(`${file} keeps the change. Go on with \`npm run up${flag}\`, or take it back with git.`);
}
