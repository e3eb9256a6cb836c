import { afterAll, beforeAll, expect, it } from "vitest";
import type { Verification } from "../../cli/verify/verify";
import { CPU_PERIOD_MICROS } from "../../components/resize";
import { containerOf, containersOf, docker, identities } from "../support/containers";
import { Project, regionFile, succeeded } from "../support/project";
import { NAME_START } from "../support/run";
import { engineSuite } from "../support/suite";

const MIB = 2 ** 20;

// One story: each test goes on from where the one before it ended.
engineSuite("verify", (run) => {
  let project: Project;
  let before: Record<string, string>;
  const stranger = (): string => `${NAME_START}${run.id}v-stranger`;

  beforeAll(async () => {
    project = await Project.make(run, "v", docker);
    project.addRegion(regionFile("alpha", 1));
  });
  afterAll(() => project?.remove(docker));

  async function verify(): Promise<{ code: number; said: Verification }> {
    const { code, stdout } = await project.cli(["verify", "--stack", project.stack, "--json"]);
    return { code, said: JSON.parse(stdout) as Verification };
  }

  const gapsOf = ({ gaps }: Verification): string[] =>
    gaps.map(({ region, container, what, declared, enforced }) =>
      [
        region,
        container.replace(project.prefix, ""),
        what.replaceAll(project.prefix, ""),
        declared,
        enforced,
      ].join("|"),
    );

  it("names a stack that is not up as missing, a line for each region", async () => {
    const { code, said } = await verify();
    expect(code).toBe(1);
    expect(gapsOf(said)).toEqual([
      "central-nexus||all containers|running|missing",
      "alpha||all containers|running|missing",
    ]);
  });

  it("finds nothing after `up`, which says so itself, and reads the limits from the kernel", async () => {
    const outcome = await project.up();
    before = identities(await containersOf(project));
    const limitsFrom = { kernel: Object.keys(before).length, engine: 0 };
    expect(outcome.verify).toMatchObject({ result: "ok", gaps: [], limitsFrom });
    const { code, said } = await verify();
    expect(code).toBe(0);
    // By itself it also counts what is on a disk that nothing limits.
    expect(said).toEqual({ ...outcome.verify, notes: said.notes });
  });

  it("names each thing that was changed by hand, and nothing else", async () => {
    const db = await containerOf(project, "region-alpha-db");
    const cache = await containerOf(project, "region-alpha-cache");
    const server = await containerOf(project, "region-alpha-server");
    const { limits } = limitsOf();
    const more = limits.db.memoryBytes + 64 * MIB;
    await docker.getContainer(db.id).update({ Memory: more, MemorySwap: more + 64 * MIB });
    await docker.getContainer(cache.id).update({ PidsLimit: 999 });
    await docker.getContainer(server.id).update({ CpuPeriod: CPU_PERIOD_MICROS, CpuQuota: 77_000 });
    await docker.getContainer((await containerOf(project, "region-alpha-worker")).id).stop({ t: 5 });
    await startStranger();

    const { code, said } = await verify();
    expect(code).toBe(1);
    const mib = (bytes: number): string => `${bytes / MIB}MiB`;
    expect(gapsOf(said).sort()).toEqual([
      `alpha|region-alpha-cache|pids|${limits.cache.pids}|999`,
      `alpha|region-alpha-db|memory|${mib(limits.db.memoryBytes)}|${mib(more)}`,
      "alpha|region-alpha-db|swap|none|64MiB",
      `alpha|region-alpha-server|CPU|${limits.server.cpuMillis / 1000}|0.77`,
      "alpha|region-alpha-worker|state|running|exited",
      expect.stringMatching(/^alpha\|stranger\|network region-alpha\|not on it\|[\d.]+$/),
    ]);
  });

  it("makes `up` end with exit code 1 while something is left that it cannot put right, and says what", async () => {
    const outcome = await project.cli(project.upCommand);
    expect(outcome.code).toBe(1);
    expect(outcome.output).toMatch(/Putting the limits of \S+region-alpha-db right: memory/);
    const { result, verify: said } = JSON.parse(outcome.stdout) as { result: string; verify: Verification };
    expect(result).toBe("succeeded");
    expect(gapsOf(said).map((gap) => gap.split("|")[1])).toEqual(["stranger"]);
    expect(said.gaps[0]?.remedy).toBe(
      `docker network disconnect ${project.prefix}region-alpha ${stranger()}`,
    );
  });

  it("finds nothing once that is gone, and only the stopped container was started again", async () => {
    await docker.getContainer(stranger()).remove({ force: true });
    const shown = succeeded(await project.cli(["verify", "--stack", project.stack]));
    expect(shown).toMatch(/^alpha +5 containers +ok *$/m);
    const after = identities(await containersOf(project));
    const touched = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(touched).toEqual(["region-alpha-worker"]);
  });

  it("cannot look without Docker: exit code 2", async () => {
    project.writeSettings({ "nexus:dockerHost": "unix:///nowhere/docker.sock" });
    const { code, output } = await project.cli(["verify", "--stack", project.stack]);
    project.writeSettings();
    expect(output).toMatch(/Docker is not running/);
    expect(code).toBe(2);
  });

  function limitsOf() {
    const [region] = project.platform.regions;
    if (!region) throw new Error("The stack has no region");
    return region.budget;
  }

  async function startStranger(): Promise<void> {
    const { info } = await containerOf(project, "region-alpha-cache");
    const container = await docker.createContainer({
      name: stranger(),
      Image: info.Image,
      Entrypoint: ["sleep", "600"],
      HostConfig: { NetworkMode: `${project.prefix}region-alpha`, Memory: 32 * MIB },
    });
    await container.start();
  }
});
