import { afterAll, beforeAll, expect, it } from "vitest";
import { localRefs } from "../../images/recipes";
import type { Verification } from "../../operations/verify/verify";
import { count } from "../../operations/words";
import { containerOf, docker, execIn } from "../support/containers";
import { ask, openSocket } from "../support/http";
import { PLAYERS, type Project, regionFile, succeeded } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const ALPHA = "/api/v1/regions/alpha";
const BETA = "/api/v1/regions/beta";
/** A busy machine answers late; what is tested is that it answers. */
const PATIENT_MS = 120_000;

engineSuite("a server that waits for its database inside its event loop, as the real one does", (run) => {
  let project: Project;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    project.addRegion(regionFile("alpha", 1, { players: 100 }));
    project.addRegion(regionFile("beta", 2, { connections: { pool: 1, overflow: 1, max: 40 } }));
    project.writeSettings({
      "nexus:imageOverrides": {
        gameServer: {
          ref: localRefs(project.dir)["game-server"],
          health: ["CMD", "/app/healthcheck", "server"],
          workerHealth: ["CMD", "/app/healthcheck", "worker"],
          regionEnv: { STANDIN_BLOCKING: "true" },
        },
      },
      "nexus:gateway": { ...project.settings["nexus:gateway"], readTimeoutSeconds: 60 },
      "nexus:restartUnhealthySeconds": 20,
    });
    expect(await project.up()).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
  });
  afterAll(async () => {
    for (const [index, name] of ["alpha", "beta"].entries()) {
      project.addRegion(regionFile(name, index + 1, { players: PLAYERS }));
    }
    project.writeSettings();
    await project.up();
  });

  const socket = (region: string) =>
    openSocket(`${project.url.replace("http:", "ws:")}/ws/regions/${region}/connect`, PATIENT_MS);
  const restarts = async (name: string): Promise<number> =>
    (await containerOf(project, name)).info.RestartCount;
  const health = async (name: string) => (await containerOf(project, name)).info.State.Health;
  const healthy = (name: string) =>
    eventually(`${name} is healthy`, async () => (await health(name))?.Status === "healthy" || undefined);
  const answers = (path: string) =>
    eventually(
      `${path} answers`,
      async () => (await ask(project.url, path, { limitMs: PATIENT_MS })).status === 200 || undefined,
    );

  it("serves ten players who load the client at once beside 60 open sockets, in the smallest region", async () => {
    // A machine that gives the region less than its CPU for long lets it be restarted: then it is tried again.
    for (let tries = 1; ; tries += 1) {
      await healthy("region-alpha-server");
      const before = await restarts("region-alpha-server");
      const opened = await Promise.allSettled(Array.from({ length: 60 }, () => socket("alpha")));
      const sockets = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      const statuses = await Promise.all(Array.from({ length: 10 }, (_, player) => load(player)));
      const open = sockets.filter((one) => one.isOpen()).length;
      for (const one of sockets) one.close();
      if ((await restarts("region-alpha-server")) !== before && tries < 3) continue;
      expect(statuses.flat()).toEqual(Array(190).fill(200));
      expect(open).toBe(60);
      return;
    }
  });

  /** 19 requests over six connections. */
  async function load(player: number): Promise<number[]> {
    const paths = Array.from({ length: 19 }, (_, n) =>
      n % 3 === 0 ? `${ALPHA}/regions-info` : `${ALPHA}/sectors/${player * 19 + n + 1}/visits`,
    );
    const statuses: number[] = [];
    const connection = async (): Promise<void> => {
      for (let path = paths.shift(); path; path = paths.shift()) {
        const asked = ask(project.url, path, { limitMs: PATIENT_MS }).catch(() => ({ status: 0 }));
        statuses.push((await asked).status);
      }
    };
    await Promise.all(Array.from({ length: 6 }, connection));
    return statuses;
  }

  it("stands still when its pools are exhausted, and answers again by itself afterwards", async () => {
    const before = await restarts("region-beta-server");
    const held = await Promise.allSettled(Array.from({ length: 10 }, () => socket("beta")));
    const open = held.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    // Two processes with one connection and one more, and the same again after a restart, which ends a long standstill.
    const lives = 1 + (await restarts("region-beta-server")) - before;
    expect(open.length).toBeLessThanOrEqual(4 * lives);
    expect(open.length).toBeLessThan(held.length);
    for (const one of open) one.close();
    await answers(`${BETA}/status`);
  });

  it("is restarted once when it hangs, says so in its log, and `verify` notes it", async () => {
    const { id } = await containerOf(project, "region-alpha-server");
    await healthy("region-alpha-server");
    const before = await restarts("region-alpha-server");
    // All but the first process, and this shell.
    await execIn(id, ["sh", "-c", "kill -s STOP -- -1"]);
    await eventually(
      "it was restarted",
      async () => (await restarts("region-alpha-server")) > before || undefined,
    );
    await healthy("region-alpha-server");
    const times = before + 1;
    expect(await restarts("region-alpha-server")).toBe(times);
    const log = await docker.getContainer(id).logs({ stdout: true, stderr: true });
    expect(
      log.toString("utf8").match(/nexus: not healthy for \d+ s \(\d+ health tests in a row\), restarting/g),
    ).toHaveLength(times);
    await answers(`${ALPHA}/status`);
    const verified = JSON.parse(succeeded(await project.cli(["verify", "--stack", project.stack, "--json"])));
    expect((verified as Verification).notes).toContainEqual({
      region: "alpha",
      container: `${project.prefix}region-alpha-server`,
      text: `ended by itself and was restarted ${count(times, "time")}`,
    });
  });

  it("is restarted once and then waits while its database is down", async () => {
    const { id } = await containerOf(project, "region-beta-db");
    await healthy("region-beta-server");
    const before = await restarts("region-beta-server");
    await docker.getContainer(id).stop({ t: 60 });
    try {
      await eventually("it was restarted", async () =>
        (await restarts("region-beta-server")) > before ? true : undefined,
      );
      const server = await containerOf(project, "region-beta-server");
      await eventually("more tests failed than a restart takes", async () => {
        const { Log = [], FailingStreak = 0 } = (await health("region-beta-server")) ?? {};
        const [first] = Log;
        const since = first ? Date.now() - Date.parse(String(first.Start)) : 0;
        // Failures of the first seconds are not in the streak; the log has the last five tests.
        return FailingStreak >= 5 ||
          (Log.length === 5 && since > 0 && Log.every(({ ExitCode }) => ExitCode !== 0))
          ? true
          : undefined;
      });
      // Without the file, the health test never restarts.
      expect((await execIn(server.id, ["sh", "-c", "ls -a /tmp"])).split("\n")).not.toContain(
        ".nexus-health",
      );
      expect(await restarts("region-beta-server")).toBe(before + 1);
    } finally {
      await docker.getContainer(id).start();
    }
    await healthy("region-beta-server");
    expect(await restarts("region-beta-server")).toBe(before + 1);
    await answers(`${BETA}/status`);
  });
});
