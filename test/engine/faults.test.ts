import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NEXUS } from "../../catalog/names";
import { localRefs } from "../../images/recipes";
import type { UpOutcome } from "../../operations/deploy/up";
import { containerOf, containersOf, docker, execIn } from "../support/containers";
import { ask, openSocket } from "../support/http";
import { type Project, succeeded } from "../support/project";
import { REGIONS, sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const BROKEN = "/api/v1/regions/alpha/status";
const HEALTHY = ["/api/v1/regions/beta/status", "/api/v1/status", "/", "/admin/"];

engineSuite("one region fails", (run) => {
  let project: Project;
  /** Puts right what a test broke, whether or not it got that far itself. */
  let repair: (() => Promise<unknown>) | undefined;
  beforeAll(async () => {
    ({ project } = await sharedStack(run));
  });
  afterEach(async () => {
    await repair?.().catch(() => undefined);
    repair = undefined;
    await eventually("region alpha answers again", answers);
  });

  const answers = async (): Promise<true | undefined> =>
    (await ask(project.url, BROKEN)).status === 200 ? true : undefined;

  const faults = [
    {
      what: "its server is stopped",
      container: "region-alpha-server",
      break: (id: string) => docker.getContainer(id).stop({ t: 5 }),
      mend: (id: string) => docker.getContainer(id).start(),
    },
    {
      what: "its server hangs",
      container: "region-alpha-server",
      break: (id: string) => docker.getContainer(id).pause(),
      mend: (id: string) => docker.getContainer(id).unpause(),
    },
    {
      what: "its database is stopped",
      container: "region-alpha-db",
      break: (id: string) => docker.getContainer(id).stop({ t: 20 }),
      mend: (id: string) => docker.getContainer(id).start(),
    },
    {
      what: "its database hangs",
      container: "region-alpha-db",
      break: (id: string) => docker.getContainer(id).pause(),
      mend: (id: string) => docker.getContainer(id).unpause(),
    },
    {
      what: "its cache is stopped",
      container: "region-alpha-cache",
      break: (id: string) => docker.getContainer(id).stop({ t: 20 }),
      mend: (id: string) => docker.getContainer(id).start(),
    },
  ];

  describe.each(faults)("$what", ({ container, break: breakIt, mend }) => {
    it("others are served, it answers 503 or 504, and recovers by itself", async () => {
      const socket = await openSocket(`${project.url.replace("http:", "ws:")}/ws/regions/beta/connect`);
      const { id } = await containerOf(project, container);
      repair = () => mend(id);
      await breakIt(id);

      // While its own clients wait for it, the others are served.
      const own = [0, 1, 2, 3].map(() => ask(project.url, BROKEN));
      for (let round = 0; round < 3; round++) {
        const others = await Promise.all(HEALTHY.map((path) => ask(project.url, path)));
        for (const [index, { status }] of others.entries()) expect(status, HEALTHY[index]).toBe(200);
      }
      for (const { status, headers } of await Promise.all(own)) {
        expect([503, 504]).toContain(status);
        expect(headers["content-type"]).toContain("application/json");
      }
      expect(await socket.say("ping")).toEqual({ type: "pong", region: "beta" });

      await mend(id);
      repair = undefined;
      await eventually(`region alpha answers after ${container} is back`, answers);
      expect(socket.isOpen()).toBe(true);
      expect(await socket.say("ping")).toEqual({ type: "pong", region: "beta" });
      socket.close();
    });
  });

  it("is shown as down by the Nexus while it is, and as up afterwards", async () => {
    const { id } = await containerOf(project, "region-alpha-server");
    repair = () => docker.getContainer(id).start();
    await docker.getContainer(id).stop({ t: 5 });
    await eventually("the Nexus shows alpha as down", async () =>
      (await stateOf("alpha")) === "down" ? true : undefined,
    );
    expect(await stateOf("beta")).toBe("up");
    await docker.getContainer(id).start();
    await eventually("the Nexus shows alpha as up", async () =>
      (await stateOf("alpha")) === "up" ? true : undefined,
    );
  });

  async function stateOf(region: string): Promise<string | undefined> {
    const answer = await ask(project.url, "/api/v1/nexus/regions");
    const { regions } = answer.json() as { regions: { name: string; state: string }[] };
    return regions.find(({ name }) => name === region)?.state;
  }
});

/** Only what each of them is about; a worker is a region's, the others are the Nexus'. */
const UNREADY = {
  worker: { command: ["sh", "-c", "echo no hope; sleep 2; exit 3"], health: ["CMD", "false"] },
  blackboxExporter: { health: ["CMD-SHELL", "kill -s TERM 1"] },
  adminUi: { health: ["CMD", "sleep", "3600"] },
  playerClient: { health: ["CMD", "test", "-e", "/tmp/ready"] },
};

engineSuite("containers that do not get ready", (run) => {
  let project: Project;
  beforeAll(async () => {
    ({ project } = await sharedStack(run));
  });
  afterAll(async () => {
    project.writeSettings();
    await project.up();
  });

  const write = (overrides: Partial<typeof UNREADY>) => {
    const refs = localRefs(project.dir);
    const refOf = {
      blackboxExporter: "blackbox-exporter",
      adminUi: "admin-ui",
      playerClient: "player-client",
    } as const;
    const whole = Object.entries(overrides).map(([role, own]) => [
      role,
      role in refOf ? { ref: refs[refOf[role as keyof typeof refOf]], ...own } : own,
    ]);
    project.writeSettings({ "nexus:imageOverrides": Object.fromEntries(whole) });
  };
  const upWithPreview = () => ["up", "--stack", project.stack, "--yes", "--json"];

  it("fail the `up`, each with its own words, its log and what to do, and with no secret", async () => {
    write(UNREADY);
    const { code, output } = await project.cli(project.upCommand);
    expect(code, output).toBe(1);
    for (const region of REGIONS) {
      expect(output).toMatch(
        new RegExp(
          `region-${region}-worker restarts in circles: \\d+ times within \\d+ s, last with exit code 3`,
        ),
      );
      expect(output).toMatch(new RegExp(`--replace '\\S+::region-${region}-worker'`));
    }
    expect(output).toContain("    | no hope");
    expect(output).toMatch(/blackbox-exporter answered once and then ended \(exit code \d+\)/);
    expect(output).toMatch(/admin-ui hangs in its check within 120 s; this has not ended: sleep 3600/);
    expect(output).toMatch(/player-client was not ready within 120 s: its check ends with 1 \(test -e/);
    const text = succeeded(await project.pulumi("stack", "export", "--show-secrets"));
    // What they are derived from, and they themselves, in variables and in URLs.
    const secrets = text.match(/\b([A-Za-z0-9]{40}|[A-Za-z0-9]{48})\b/g) ?? [];
    expect(secrets.length).toBeGreaterThan(10);
    for (const secret of secrets) expect(output).not.toContain(secret);
  });

  it("are replaced by the next `up`, which its preview says with the reason", async () => {
    const { playerClient } = UNREADY;
    write({ playerClient });
    const before = await containersOf(project);
    const running = project.startCli(upWithPreview());
    await eventually("the player client is another one", async () => {
      const now = (await containersOf(project)).get("player-client");
      return (now?.info.State.Running && now.id !== before.get("player-client")?.id) || undefined;
    });
    const { id } = await containerOf(project, "player-client");
    await execIn(id, ["touch", "/tmp/ready"]);
    const outcome = JSON.parse(succeeded(await running.outcome)) as UpOutcome;
    expect(outcome).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    const restarts = outcome.impact.find(({ area }) => area === NEXUS)?.restarts;
    for (const container of ["adminUi", "playerClient"])
      expect(restarts).toContainEqual(expect.objectContaining({ container, why: ["it never got ready"] }));
    expect((await containerOf(project, "player-client")).id).toBe(id);
    expect(await project.preview()).toEqual([]);
  });

  it("are waited for no longer after Ctrl-C, and the next `up` goes on", async () => {
    const { adminUi } = UNREADY;
    write({ adminUi });
    const running = project.startCli(project.upCommand);
    // Docker itself asks for the first time when an interval is over.
    await eventually("it asks whether the page is ready", async () => {
      const { info } = await containerOf(project, "admin-ui");
      return (info.Config.Healthcheck?.Test?.includes("3600") && info.ExecIDs?.length) || undefined;
    });
    running.interrupt();
    const { code, output } = await running.outcome;
    expect(code, output).toBe(1);
    expect(output).not.toContain("Not ready");

    project.writeSettings();
    expect(await project.up()).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
  });
});
