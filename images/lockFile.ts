/**
 * `images/lock.json`: the digest of each image of a registry, written by `npm run images:pin` (pin.ts). This file must
 * not be called `lock.ts`: Pulumi's loader would then take the JSON file for it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ConfigError, type Problem } from "../config/problems";

export const LOCK_FILE = "images/lock.json";

const lockSchema = z.strictObject({
  version: z.literal(1),
  /** `name:tag` -> digest of the image index, which covers all architectures. */
  digests: z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/)),
});

export type ImageLock = z.infer<typeof lockSchema>;

/**
 * The lock file's content; without a file, a lock that pins nothing.
 *
 * @throws ConfigError when the file cannot be read or is not a lock file
 */
export function readLock(projectDir: string): ImageLock {
  const file = join(projectDir, LOCK_FILE);
  if (!existsSync(file)) return { version: 1, digests: {} };
  try {
    return lockSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const issues =
      error instanceof z.ZodError ? error.issues : [{ path: [], message: (error as Error).message }];
    const remedy = 'Write it anew with "npm run images:pin", or remove it.';
    throw new ConfigError(
      issues.map(({ path, message }) => ({
        file: LOCK_FILE,
        path: path.join("."),
        message: `is no lock file of images: ${message}. ${remedy}`,
      })),
    );
  }
}

/** What is wrong with the lock file; empty when nothing is. */
export function lockProblems(projectDir: string): Problem[] {
  try {
    readLock(projectDir);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** The text of a lock file: sorted, so that a new pin shows as a small diff. */
export function renderLock(digests: Record<string, string>): string {
  const sorted = Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, digests: sorted }, null, 2)}\n`;
}

/** `name:tag@sha256:...` once the tag is pinned, else `name:tag`. */
export function pinnedRef(ref: string, lock: ImageLock): string {
  const digest = lock.digests[ref];
  return digest ? `${ref}@${digest}` : ref;
}
