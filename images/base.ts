/** The base image: a minimal Debian from the machine's own mirror, imported into the Engine. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { openCache } from "../setup/cache";
import { findTool } from "../setup/machine";
import { SetupProblem } from "../setup/problems";
import { type DebianMirror, findMirror, mirrorAt, sourcesList, TARGETS_FORMAT } from "./mirror";
import { followProgress } from "./progress";
import { DEBIAN_SUITE } from "./recipes";
import { run } from "./run";

const RECIPE = "images/recipes/base";

/** What the base image needs from this machine; thrown before anything is started. */
function checkBaseRequirements(): void {
  if (process.getuid?.() !== 0) {
    throw new SetupProblem(
      `Making the base image needs root, because debootstrap does (this is user ${process.getuid?.()}). ` +
        `Run "sudo npm run images:build" once; what it makes is kept and needs no root later.`,
    );
  }
  if (!findTool("debootstrap", process.env.PATH ?? "")) {
    throw new SetupProblem(
      `debootstrap is not installed. Run "apt-get install debootstrap debian-archive-keyring" as root.`,
    );
  }
}

/** The mirror that `NEXUS_DEBIAN_MIRROR` names, else the one that apt is configured with. */
export async function debianMirror(signal: AbortSignal): Promise<DebianMirror> {
  const given = process.env.NEXUS_DEBIAN_MIRROR;
  if (given) return mirrorAt(given, DEBIAN_SUITE);
  const targets = await run("apt-get", ["indextargets", "--format", TARGETS_FORMAT], { signal });
  const mirror = findMirror(targets, await run("apt-config", ["dump"], { signal }), DEBIAN_SUITE);
  if (mirror) return mirror;
  throw new SetupProblem(
    `apt on this machine is configured with no Debian archive. Set NEXUS_DEBIAN_MIRROR to the address of one ` +
      `that this machine reaches (the folder that holds "dists/${DEBIAN_SUITE}").`,
  );
}

/** Imports the base image under `ref`. The tree's archive is kept in the cache, so this is slow only once. */
export async function buildBase(
  docker: Docker,
  ref: string,
  projectDir: string,
  labels: Record<string, string>,
  { signal, rebuild }: { signal: AbortSignal; rebuild: boolean },
): Promise<void> {
  const archive = await baseArchive(ref, projectDir, rebuild, signal);
  const [repo, tag] = ref.split(":");
  const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}=${JSON.stringify(value)}`);
  changes.push("ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 'CMD ["bash"]');
  const stream = await docker.importImage(createReadStream(archive), {
    repo,
    tag,
    changes,
    abortSignal: signal,
  });
  await followProgress(stream, () => {});
}

async function baseArchive(
  ref: string,
  projectDir: string,
  rebuild: boolean,
  signal: AbortSignal,
): Promise<string> {
  const folder = openCache(process.env).file("images");
  const mirror = await debianMirror(signal);
  const key = createHash("sha256")
    .update(JSON.stringify([ref, mirror]))
    .digest("hex")
    .slice(0, 12);
  const archive = join(folder, `base-${key}.tar`);
  if (!rebuild && existsSync(archive)) return archive;
  checkBaseRequirements();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The caller holds the lock: what is there was left by a run that was killed.
  const work = join(folder, "base.partial");
  await rm(work, { recursive: true, force: true });
  await mkdir(work);
  try {
    const tree = join(work, "tree");
    await debootstrap(tree, mirror, signal);
    await writeFile(join(tree, "etc/apt/sources.list"), sourcesList(mirror));
    await run(join(projectDir, RECIPE, "finish.sh"), [tree], { signal });
    await appendFile(
      join(tree, "etc/apt/apt.conf.d/nexus"),
      mirror.aptConf.map((line) => `${line}\n`).join(""),
    );
    await run("tar", ["--numeric-owner", "-C", tree, "-cf", join(work, "base.tar"), "."], { signal });
    await rename(join(work, "base.tar"), archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return archive;
}

/**
 * debootstrap mounts /proc and /sys in the tree. In namespaces of its own, mounts and processes go away with it; and
 * it is killed when this process is (`--pdeathsig`), so that nothing works on in a folder that nobody wants.
 */
async function debootstrap(tree: string, mirror: DebianMirror, signal: AbortSignal): Promise<void> {
  const args = ["--variant=minbase"];
  // apt in the image needs certificates to read an https mirror.
  if (mirror.sources.some((source) => source.uri.startsWith("https:")))
    args.push("--include=ca-certificates");
  const isolated = [
    "--pdeathsig",
    "KILL",
    "unshare",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
  ];
  await run("setpriv", [...isolated, "debootstrap", ...args, DEBIAN_SUITE, tree, mirror.uri], {
    signal,
    env: mirror.proxy ? { http_proxy: mirror.proxy } : {},
  });
}
