import { afterAll, beforeAll, expect, it } from "vitest";
import { nexusBudget } from "../../catalog/nexusBudget";
import type { AreaImpact } from "../../operations/deploy/impact/impact";
import { containerOf, containersOf, docker, execIn, identities, NEXUS } from "../support/containers";
import { ask } from "../support/http";
import { kernelFacts, kernelForm } from "../support/kernel";
import { pretendLargerHost } from "../support/largerHost";
import { Project, succeeded } from "../support/project";
import { df } from "../support/services";
import { engineSuite } from "../support/suite";

const PLAYERS = 100;
const DATA = { "central-nexus-db": "/var/lib/postgresql/data", "redis-nexus": "/data" };
type Profile = Parameters<typeof nexusBudget>[0];

// One story: each test goes on from where the one before it ended.
engineSuite("a resize of the Nexus", (run) => {
  let project: Project;
  let before: Record<string, string>;

  beforeAll(async () => {
    project = await Project.make(run, "n", docker);
    // The larger Nexus has more memory than most machines, and uses no more than the smaller one here.
    pretendLargerHost(project);
    write("laptop");
    await project.up();
    before = identities(await containersOf(project));
  });
  afterAll(() => project?.remove(docker));

  const write = (profile: Profile, more: Record<string, unknown> = {}): void =>
    project.writeSettings({ "nexus:profile": profile, "nexus:players": PLAYERS, ...more });

  async function expectKernelHas(profile: Profile): Promise<void> {
    const limits = Object.entries(nexusBudget(profile, PLAYERS).limits);
    const own = [...(await containersOf(project)).values()].filter(({ region }) => region === NEXUS);
    expect(limits.map(([role]) => own.filter((one) => one.role === role).length)).toEqual(
      limits.map(() => 1),
    );
    for (const [role, wanted] of limits) {
      const id = own.find((one) => one.role === role)?.id ?? "";
      expect(await kernelFacts(id), role).toMatchObject(kernelForm(wanted));
    }
  }

  const setting = async (name: string): Promise<string> => {
    const { id } = await containerOf(project, "central-nexus-db");
    const query = `SELECT setting || ' ' || pending_restart FROM pg_settings WHERE name = '${name}'`;
    return (
      await execIn(id, ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-qtAXc", query])
    ).trim();
  };
  const maxmemory = async (): Promise<string> => {
    const { id } = await containerOf(project, "redis-nexus");
    const auth = 'REDISCLI_AUTH="$(cat /etc/nexus/operator-password)" redis-cli --user operator';
    const info = await execIn(id, ["sh", "-c", `${auth} --no-auth-warning INFO memory`]);
    return /^maxmemory:(\d+)/m.exec(info)?.[1] ?? "";
  };

  /** What a preview says of the Nexus, in the roles of its containers. */
  async function impact(): Promise<{ restarts: string[]; inPlace: string[] }> {
    const printed = succeeded(await project.cli(["preview", "--stack", project.stack, "--json"]));
    const { impact: areas } = JSON.parse(printed) as { impact: AreaImpact[] };
    expect(areas.map(({ area, losses }) => [area, losses])).toEqual([[NEXUS, []]]);
    const names = (entries: { container: string }[] = []) => entries.map(({ container }) => container).sort();
    return { restarts: names(areas[0]?.restarts), inPlace: names(areas[0]?.inPlace) };
  }

  const ROLES = ["adminUi", "blackboxExporter", "db", "gateway", "playerClient", "redis", "server"];
  const profiles: Profile[] = ["specification", "laptop"];
  it.each(profiles)("to %s changes every limit in place: nothing restarts", async (profile) => {
    const grows = profile === "specification";
    // The larger profile's disk stays.
    write(profile, grows ? {} : { "nexus:disk": "120GB" });
    expect(await impact()).toEqual({
      restarts: [],
      inPlace: [...ROLES, ...(grows ? ["all volumes"] : [])].sort(),
    });
    const { changes } = await project.up();
    expect(Object.keys(changes)).toEqual(["update"]);
    expect(identities(await containersOf(project))).toEqual(before);
    await expectKernelHas(profile);
    for (const [name, path] of Object.entries(DATA)) {
      const { size } = await df((await containerOf(project, name)).id, path);
      expect(size / 120e9, name).toBeGreaterThan(0.98);
      expect(size, name).toBeLessThanOrEqual(120e9);
    }

    const { postgres, redis } = nexusBudget(profile, PLAYERS);
    expect(await maxmemory()).toBe(String(redis.maxMemoryBytes));
    expect(await setting("effective_cache_size")).toBe(`${postgres.effectiveCacheSizeBytes / 8192} false`);
    // Only this waits for the next restart, which is not now.
    const atStart = nexusBudget("laptop", PLAYERS).postgres.sharedBuffersBytes / 8192;
    expect(await setting("shared_buffers")).toBe(`${atStart} ${profile !== "laptop"}`);
    expect((await ask(project.url, "/api/v1/status")).status).toBe(200);
    expect(await project.preview()).toEqual([]);
  });

  it("to a smaller disk is refused before anything changes, as a disk only grows", async () => {
    write("laptop");
    const { code, stderr } = await project.cli(project.upCommand);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/nexus:disk: the Nexus has a disk of 120GB, and \S+ or \S+ now says 10GB\./);
    expect(identities(await containersOf(project))).toEqual(before);
  });

  it("that leaves the number of players to the profile says beforehand what restarts", async () => {
    project.writeSettings({ "nexus:profile": "specification" });
    const restarts = ["db", "server"];
    const inPlace = ROLES.filter((role) => !restarts.includes(role));
    expect(await impact()).toEqual({ restarts, inPlace });
    expect(identities(await containersOf(project))).toEqual(before);
  });
});
