/** CLI: makes the local images (`npm run images:build`). */
import { Command } from "commander";
import type Docker from "dockerode";
import { engine } from "../components/engine";
import { buildLocalImages, missingImages } from "./builder";
import { ImageBuildError } from "./errors";
import { removeLocalImages } from "./prune";
import { LOCAL_IMAGE_NAMES, localRefs } from "./recipes";

interface Options {
  list?: true;
  dryRun?: true;
  rebuild?: true;
  prune?: true;
  remove?: true;
  dockerHost?: string;
}

const command = new Command("npm run images:build --")
  .description('Makes the images of "nexus:images: local" from Debian\'s packages. What exists is skipped.')
  .option("--list", "print every image and whether the Engine has it")
  .option("--dry-run", "say what would be made")
  .option("--rebuild", "make all again (Debian's security fixes); running containers keep the old ones")
  .option("--prune", "remove older versions that no container uses")
  .option("--remove", "remove all local images that no container uses")
  .option("--docker-host <host>", "the Engine to use (default: DOCKER_HOST, else the local socket)")
  .addHelpText(
    "after",
    `
Needs a Docker Engine. The first run needs root and debootstrap, and a Debian mirror: the one that apt is
configured with, or NEXUS_DEBIAN_MIRROR. Exit codes: 0 done, 1 failed, 2 bad arguments.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action((options: Options) => act(options, engine(options.dockerHost), process.cwd()));

async function act(options: Options, docker: Docker, projectDir: string): Promise<void> {
  const { list, dryRun, prune, remove, rebuild } = options;
  const log = (line: string): void => void process.stdout.write(`${line}\n`);
  if (list || dryRun) {
    await show(list === true, docker, projectDir, log);
  } else if (prune || remove) {
    const removed = await removeLocalImages(docker, projectDir, prune === true);
    log(removed.length > 0 ? `removed ${removed.join(", ")}` : "nothing to remove");
  } else {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    const made = await buildLocalImages({ docker, log, signal: stop.signal, projectDir, rebuild });
    if (made.length === 0) log("all local images are there");
  }
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
  command.parseAsync().catch((error: Error) => {
    const known = error instanceof ImageBuildError || error.name === "Interrupted";
    process.stderr.write(`${known ? error.message : error.stack}\n`);
    process.exitCode = 1;
  });
}
