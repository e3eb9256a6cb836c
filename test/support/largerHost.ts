import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Project } from "./project";

const SIZE = { cpuMillis: 1_000_000, memoryBytes: 10_000 * 10 ** 9, diskBytes: 100_000 * 10 ** 9 };

/**
 * Tells a project's throw-away copy of the program of a larger host. Admission refuses more regions than the machine
 * could hold if they were busy, and the regions of a benchmark only sleep. The host is measured all the same, as that
 * takes its time.
 */
export function pretendLargerHost(project: Project): void {
  const file = join(project.dir, "operations/deploy/preflight/hostSize.ts");
  const real = join(project.dir, "operations/deploy/preflight/realHostSize.ts");
  if (existsSync(real)) return;
  renameSync(file, real);
  writeFileSync(
    file,
    `import { measureHost as measure } from "./realHostSize";
export async function measureHost(...args: Parameters<typeof measure>) {
  return { ...(await measure(...args)), ...${JSON.stringify(SIZE)} };
}
`,
  );
}
