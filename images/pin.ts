/** CLI: writes the digests of all images that come from a registry to `images/lock.json` (`npm run images:pin`). */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { engine } from "../components/engine";
import { loadPlatform } from "../platform";
import { engineError, ImageBuildError } from "./errors";
import { LOCK_FILE, readLock, renderLock } from "./lockFile";
import { OFFICIAL_REFS } from "./table";

const HELP = `Asks the registry for the digest of each image and writes ${LOCK_FILE}: of the official ones, and of those that stacks
with "nexus:images: registry" name in nexus:imageOverrides without one.

Usage: npm run images:pin -- [--check] [--docker-host H]

  --check            write nothing; exit code 1 when the lock file is not up to date

The Docker Engine asks the registry, with its own proxy and mirror settings. Exit codes: 0 done, 1 failed,
2 bad arguments.
`;

/** Every reference that a stack of this project takes from a registry by its tag. Sorted, each once. */
export function refsToPin(projectDir: string): string[] {
  const stacks = readdirSync(projectDir).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  const own = stacks.flatMap((stack) => {
    const { settings } = loadPlatform({ projectDir, stack, admission: false });
    return settings.images === "registry" ? Object.values(settings.imageOverrides) : [];
  });
  const tagged = own.map(({ ref }) => ref).filter((ref) => !ref.includes("@"));
  return [...new Set([...Object.values(OFFICIAL_REFS), ...tagged])].sort();
}

/**
 * The digest that a registry has for each reference now.
 *
 * @throws ImageBuildError naming the references that no registry answered for
 */
export async function resolveDigests(
  docker: Docker,
  refs: readonly string[],
): Promise<Record<string, string>> {
  await docker.ping().catch((error) => Promise.reject(engineError(error, "Docker")));
  const failures: string[] = [];
  const digests: Record<string, string> = {};
  await Promise.all(
    refs.map(async (ref) => {
      try {
        const { Descriptor } = await docker.getImage(ref).distribution();
        digests[ref] = Descriptor.digest;
      } catch (error) {
        failures.push(`  ${ref}: ${(error as Error).message.trim()}`);
      }
    }),
  );
  if (failures.length === 0) return digests;
  throw new ImageBuildError(
    `The registry did not answer for ${failures.length} of ${refs.length} images; ${LOCK_FILE} is unchanged:\n` +
      `${failures.sort().join("\n")}\n` +
      "Run this where the Docker Engine reaches the images' registry, write the digest of what it cannot ask for into " +
      `the setting itself (<name>:<tag>@sha256:<digest>), or use "nexus:images: local".`,
  );
}

async function main(args: string[], projectDir: string): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  const host = args.indexOf("--docker-host");
  const rest = args.filter((arg, i) => arg !== "--check" && (host < 0 || (i !== host && i !== host + 1)));
  if (rest.length > 0 || (host >= 0 && !args[host + 1])) {
    process.stderr.write(`Unknown arguments "${rest.join(" ")}".\n\n${HELP}`);
    return 2;
  }
  if (host >= 0) process.env.DOCKER_HOST = args[host + 1];
  const before = renderLock(readLock(projectDir).digests);
  const after = renderLock(await resolveDigests(engine(), refsToPin(projectDir)));
  if (args.includes("--check")) {
    process.stdout.write(before === after ? "up to date\n" : `${LOCK_FILE} is not up to date\n`);
    return before === after ? 0 : 1;
  }
  writeFileSync(join(projectDir, LOCK_FILE), after);
  process.stdout.write(after);
  return 0;
}

if (require.main === module) {
  main(process.argv.slice(2), process.cwd()).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      process.stderr.write(`${(error as Error).message}\n`);
      process.exitCode = 1;
    },
  );
}
