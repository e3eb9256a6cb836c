import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { containerOf, containersOf, docker, execIn, identities } from "../support/containers";
import { ask } from "../support/http";
import { kernelFacts } from "../support/kernel";
import { percentile, startLoad } from "../support/load";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually, pause } from "../support/wait";

const NOISY = "alpha";
const NEIGHBOUR = "beta";
const MEASURED_MS = 6000;
/** What one measurement can tell apart on two cores that the load itself shares. */
const RESOLUTION_MS = 5;
const ATTEMPTS = 3;

engineSuite("a region that burns all it has", (run) => {
  let project: Project;
  let neighbours: Record<string, string>;
  let quiet: number;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    await latency();
    quiet = Math.max(await latency(), RESOLUTION_MS);
    neighbours = await others();
  });
  afterEach(async () => {
    expect(await others()).toEqual(neighbours);
  });
  afterAll(async () => {
    if (!project) return;
    const path = `/api/v1/regions/${NOISY}/status`;
    await eventually("the noisy region answers again", async () =>
      (await ask(project.url, path)).status === 200 ? true : undefined,
    );
  });

  /** Everything but the noisy region: none of it may restart. */
  async function others(): Promise<Record<string, string>> {
    const all = [...(await containersOf(project))].filter(([, { region }]) => region !== NOISY);
    return identities(new Map(all));
  }

  /** The neighbour's 99th percentile over some seconds of requests, of which none may fail. */
  async function latency(): Promise<number> {
    const load = startLoad(project.url, `/api/v1/regions/${NEIGHBOUR}/status`, {
      connections: 4,
      pauseMs: 20,
    });
    await pause(MEASURED_MS);
    const seen = await load.stop();
    expect(seen.failures).toEqual([]);
    return percentile(seen, 0.99);
  }

  /** Something else on this machine may disturb a measurement; a neighbour that suffers does so every time. */
  async function expectNeighbourUndisturbed(): Promise<void> {
    const measured: number[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      measured.push(await latency());
      if (Math.min(...measured) <= 2 * quiet) return;
    }
    expect(Math.min(...measured), `p99 in ms, quiet ${quiet}`).toBeLessThanOrEqual(2 * quiet);
  }

  const noisy = (role: string) => containerOf(project, `region-${NOISY}-${role}`);

  /** Starts a program in a container and does not wait for it. It ends by itself. */
  async function start(id: string, script: string): Promise<void> {
    const exec = await docker.getContainer(id).exec({ Cmd: ["timeout", "40", "sh", "-c", script] });
    await exec.start({ Detach: true });
  }

  async function restart(role: string): Promise<void> {
    const { id } = await noisy(role);
    await docker.getContainer(id).restart({ t: 0 });
  }

  it("CPU: gets its share and no more; the neighbour answers as before", async () => {
    const roles = ["server", "db", "worker"];
    const ids = await Promise.all(roles.map(async (role) => (await noisy(role)).id));
    for (const id of ids) await start(id, "while :; do :; done & while :; do :; done");
    await expectNeighbourUndisturbed();
    const throttled =
      "cat /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpu/cpu.stat 2>/dev/null | grep nr_throttled";
    for (const id of ids) {
      expect(Number(/\d+/.exec(await execIn(id, ["sh", "-c", throttled]))?.[0])).toBeGreaterThan(10);
    }
    for (const role of roles) await restart(role);
  });

  it("memory: the kernel kills inside the region", async () => {
    const { id } = await noisy("worker");
    const hog = execIn(id, ["dd", "if=/dev/zero", "of=/dev/null", "bs=1500M", "count=1"]);
    await Promise.all([expect(hog).rejects.toThrow(/ended with (137|-1)/), expectNeighbourUndisturbed()]);
  });

  it("process ids: a fork bomb meets the limit of its container", async () => {
    const { id } = await noisy("worker");
    const limit = Number((await kernelFacts(id)).pids);
    await start(id, "b() { b | b & }; b; sleep 30");
    const processes = async (): Promise<number> => {
      const { pids_stats } = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
      return pids_stats?.current ?? 0;
    };
    await eventually("the bomb fills the container", async () =>
      (await processes()) >= limit * 0.9 ? true : undefined,
    );
    await expectNeighbourUndisturbed();
    // Docker moves its health checks into the full group, which the kernel allows; forks it does not.
    expect(await processes()).toBeLessThanOrEqual(limit + 16);
    await restart("worker");
  });

  it("disk: full to the last byte, and the neighbour still writes", async () => {
    const { id } = await noisy("storage");
    // Space is taken in one piece, and the rest byte by byte.
    const fill = `cd /data && free=$(df -k . | awk 'END { print $4 }') &&
      fallocate -l $((free - 20480))k filler && timeout 30 dd if=/dev/zero of=rest bs=64k`;
    try {
      await Promise.all([
        expect(execIn(id, ["sh", "-c", fill])).rejects.toThrow(/No space left on device/),
        expectNeighbourUndisturbed(),
      ]);
      const visit = await ask(project.url, `/api/v1/regions/${NEIGHBOUR}/sectors/9/visits`, {
        method: "POST",
      });
      expect(visit.status).toBe(201);
    } finally {
      await execIn(id, ["rm", "-f", "/data/filler", "/data/rest"]);
    }
  });
});
