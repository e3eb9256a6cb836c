import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { containerOf, docker } from "../support/containers";
import { ask, openSocket } from "../support/http";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
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
