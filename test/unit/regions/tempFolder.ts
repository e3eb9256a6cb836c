import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder with these files (path -> content) that is gone after the test. */
export function tempFolder(files: Record<string, string | Buffer>): string {
  const dir = fs.mkdtempSync(join(tmpdir(), "nexus-model-"));
  onTestFinished(() => fs.rmSync(dir, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(dir, path)), { recursive: true });
    fs.writeFileSync(join(dir, path), content);
  }
  return dir;
}

/** A correct region file with some keys replaced, as YAML; `undefined` leaves a key out. */
export function regionFile(name: string, slot: number, more = ""): string {
  return `name: ${name}\nslot: ${slot}\nowner: player-1\n${more}`;
}
