import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { engine } from "../../components/engine";
import { localRefs } from "../../images/recipes";
import { run as runCommand } from "./command";
import {
  NAME_START,
  OWNER_FILE,
  ROOT_START,
  RUN_VARIABLE,
  startOf,
  type TestRun,
  temporaryFolder,
} from "./run";
import { sweepDeadRuns } from "./sweep";
import { findToolchain, REPOSITORY, type Toolchain } from "./toolchain";

/** The part of vitest's project that is used here. Its type can only be imported by ES modules. */
interface Project {
  provide(key: "run", value: TestRun): void;
}

/** Prepares one run of the engine suite, and returns what removes everything that it made. */
export default async function setup(project: Project): Promise<() => Promise<void>> {
  const toolchain = await findToolchain();
  if (toolchain.missing !== undefined) {
    if (process.env.CI) throw new Error(`The engine suite cannot run: ${toolchain.missing}`);
    project.provide("run", { id: "", root: "", env: {}, missing: toolchain.missing });
    return async () => undefined;
  }
  // Tests and reaper talk to the engine that the set-up found.
  if (toolchain.env.DOCKER_HOST) process.env.DOCKER_HOST = toolchain.env.DOCKER_HOST;
  const docker = engine();
  await sweepDeadRuns(docker);

  const run = makeRun(toolchain);
  const reaper = startReaper(run);
  try {
    await ensureImages(docker, run);
    await holdImages(docker, run);
  } catch (error) {
    await finish(reaper);
    throw error;
  }
  project.provide("run", run);
  return () => finish(reaper);
}

function makeRun({
  env: found,
  pulumiHome,
  servers,
  peers,
}: Exclude<Toolchain, { missing: string }>): TestRun {
  const id = randomBytes(2).toString("hex");
  const root = join(temporaryFolder(), `${ROOT_START}${id}`);
  // Other users may pass: a test runs a command as one of them.
  mkdirSync(root, { mode: 0o711 });
  writeFileSync(
    join(root, OWNER_FILE),
    JSON.stringify({ id, pid: process.pid, started: startOf(process.pid) }),
  );
  const folder = (name: string): string => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const home = folder("home");
  const pulumi = folder("pulumi-home");
  symlinkSync(join(pulumiHome, "plugins"), join(pulumi, "plugins"));
  // A person's own login, passphrase or stack must neither be used nor touched.
  const kept = Object.entries(found).filter(
    ([key]) => !/^(PULUMI_|VITEST|NODE_ENV$|NODE_OPTIONS$|npm_|TEST$)/.test(key),
  );
  const env = Object.fromEntries(kept.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  return {
    id,
    root,
    ...(servers !== undefined && { servers }),
    ...(peers !== undefined && { peers }),
    env: {
      ...env,
      HOME: home,
      PULUMI_HOME: pulumi,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // `npm test` has checked the types once; each of some thirty projects would check them again, for 4 s.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      NEXUS_CACHE:
        process.env.NEXUS_CACHE ??
        join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? "", ".cache"), "sectorwars-nexus"),
      TMPDIR: folder("tmp"),
      [RUN_VARIABLE]: id,
    },
  };
}

/** In a process group of its own, so that an interrupt from the terminal does not reach it. */
function startReaper({ id, root }: TestRun): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", join(__dirname, "reaper.ts"), id, root], {
    cwd: REPOSITORY,
    stdio: ["pipe", "inherit", "inherit"],
    detached: true,
  });
}

async function finish(reaper: ChildProcess): Promise<void> {
  const ended = new Promise<number | null>((resolve) => reaper.once("close", resolve));
  reaper.stdin?.end();
  if ((await ended) !== 0) throw new Error("What the tests made was not all removed; see the message above.");
}

/** `npm test` has made them; this is for whoever starts the test runner by hand. */
async function ensureImages(docker: Docker, { env }: TestRun): Promise<void> {
  const present = new Set((await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []));
  if (Object.values(localRefs(REPOSITORY)).every((ref) => present.has(ref))) return;
  const made = await runCommand(process.execPath, ["--import", "tsx", "images/build.ts"], {
    cwd: REPOSITORY,
    env,
    limitMs: 30 * 60_000,
  });
  if (made.code !== 0) throw new Error(`The local images could not be made:\n${made.output}`);
}

/**
 * `destroy --data` removes local images that no container uses. A container that is never started keeps all those
 * that were there before the tests.
 */
async function holdImages(docker: Docker, { id }: TestRun): Promise<void> {
  const images = await docker.listImages({ filters: { reference: ["nexus-local/*"] } });
  const refs = images.flatMap(({ RepoTags }) => RepoTags ?? []);
  await Promise.all(
    refs.map((ref, index) =>
      docker.createContainer({ name: `${NAME_START}${id}-image-${index}`, Image: ref, Cmd: ["true"] }),
    ),
  );
}
