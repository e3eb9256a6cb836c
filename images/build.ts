/** CLI: makes the local images (`npm run images:build`). */
import { Command } from "commander";
import { engine } from "../components/engine";
import { report } from "../setup/problems";
import { createUi } from "../setup/ui";
import { buildLocalImages, missingImages } from "./builder";
import { LABEL, LOCAL_IMAGE_NAMES, localRefs } from "./recipes";

interface Options {
  list?: true;
  rebuild?: boolean;
  prune?: true;
  dockerHost?: string;
}

const command = new Command("npm run images:build --")
  .description('Makes the images of "nexus:images: local" from Debian\'s packages. What exists is skipped.')
  .option("--list", "print every image and whether the Engine has it")
  .option("--rebuild", "make all again (Debian's security fixes); running containers keep the old ones")
  .option("--prune", "remove all local images that no container uses")
  .option("--docker-host <host>", "the Engine to use (default: DOCKER_HOST, else the local socket)")
  .addHelpText(
    "after",
    `
Needs a Docker Engine. The first run needs root and debootstrap, and a Debian mirror: the one that apt is
configured with, or NEXUS_DEBIAN_MIRROR. Exit codes: 0 done, 1 failed, 2 bad arguments or a machine that cannot be used.`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(act);

const ui = createUi(process.stdout);

async function act({ list, prune, rebuild, dockerHost }: Options): Promise<void> {
  const docker = engine(dockerHost);
  const projectDir = process.cwd();
  if (list) {
    const missing = await missingImages(docker, projectDir);
    const refs = localRefs(projectDir);
    for (const name of LOCAL_IMAGE_NAMES) {
      ui.say(`${refs[name].padEnd(42)} ${missing.includes(name) ? "to be made" : "present"}`);
    }
  } else if (prune) {
    const { ImagesDeleted } = await docker.pruneImages({ filters: { dangling: ["false"], label: [LABEL] } });
    const removed = (ImagesDeleted ?? []).flatMap(({ Untagged }) => Untagged ?? []);
    ui.say(removed.length > 0 ? `removed ${removed.join(", ")}` : "nothing to remove");
  } else {
    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    const made = await buildLocalImages({
      docker,
      ui,
      signal: stop.signal,
      projectDir,
      rebuild: rebuild === true,
    });
    if (made.length === 0) ui.say("all local images are there");
  }
}

if (require.main === module) {
  command
    .parseAsync()
    .finally(() => ui.close())
    .catch((error: unknown) => {
      const { text, exitCode } = report(error);
      process.stderr.write(`${text}\n`);
      process.exitCode = exitCode;
    });
}
