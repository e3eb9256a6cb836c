/** CLI: makes the local images (`npm run images:build`). */
import type Docker from "dockerode";
import { engine } from "../components/engine";
import { buildLocalImages, missingImages } from "./builder";
import { ImageBuildError } from "./errors";
import { removeLocalImages } from "./prune";
import { LOCAL_IMAGE_NAMES, localRefs } from "./recipes";

export { buildLocalImages } from "./builder";

const HELP = `Makes the images of "nexus:images: local" from Debian's packages. What exists is skipped.

Usage: npm run images:build -- [options]

  --list             print every image and whether the Engine has it
  --dry-run          say what would be made
  --rebuild          make all again (Debian's security fixes); running containers keep the old ones
  --prune            remove older versions that no container uses
  --remove           remove all local images that no container uses
  --docker-host H    the Engine to use (default: DOCKER_HOST, else the local socket)
  --help

Needs a Docker Engine. The first run needs root and debootstrap, and a Debian mirror: the one that apt is
configured with, or NEXUS_DEBIAN_MIRROR. Exit codes: 0 done, 1 failed, 2 bad arguments.
`;

const FLAGS = ["--list", "--dry-run", "--rebuild", "--prune", "--remove", "--help"];

async function main(args: string[]): Promise<number> {
  const flags = new Set<string>();
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--docker-host" && args[i + 1]) process.env.DOCKER_HOST = args[++i];
    else if (FLAGS.includes(arg)) flags.add(arg);
    else {
      process.stderr.write(`Unknown argument "${arg}".\n\n${HELP}`);
      return 2;
    }
  }
  if (flags.has("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  return act(flags, engine(), process.cwd());
}

async function act(flags: Set<string>, docker: Docker, projectDir: string): Promise<number> {
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  if (flags.has("--list") || flags.has("--dry-run")) {
    await show(flags.has("--list"), docker, projectDir, log);
  } else if (flags.has("--prune") || flags.has("--remove")) {
    const removed = await removeLocalImages(docker, projectDir, flags.has("--prune"));
    log(removed.length > 0 ? `removed ${removed.join(", ")}` : "nothing to remove");
  } else {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    const rebuild = flags.has("--rebuild");
    const made = await buildLocalImages({ docker, log, signal: stop.signal, projectDir, rebuild });
    if (made.length === 0) log("all local images are there");
  }
  return 0;
}

async function show(
  all: boolean,
  docker: Docker,
  projectDir: string,
  log: (line: string) => void,
): Promise<void> {
  const missing = await missingImages(docker, projectDir);
  const refs = localRefs(projectDir);
  for (const name of all ? LOCAL_IMAGE_NAMES : missing) {
    log(`${refs[name].padEnd(42)} ${missing.includes(name) ? "to be made" : "present"}`);
  }
  if (missing.length === 0) log("nothing to make");
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      const known = error instanceof ImageBuildError || (error as Error).name === "Interrupted";
      process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
      process.exitCode = 1;
    },
  );
}
