import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../../catalog/names";
import { engine } from "../../../components/engine";
import type { HostArgs } from "../../../components/host";
import { StartCpu } from "../../../components/start/startCpu";
import { DOCKER_CONTAINER } from "../../../operations/deploy/pulumi/deployment";
import { giveBackCpu } from "../../../operations/deploy/recover/borrowed";
import { FakeEngine } from "../../support/fakeEngine";
import { eventually } from "../../support/wait";

const STEADY = { server: 500, worker: 150, db: 220, cache: 80, storage: 50 };
const SOLD = 1000;
const labels = (role: string) => ({ [STACK_LABEL]: "id", [REGION_LABEL]: "aurora", [ROLE_LABEL]: role });

describe("the CPU of a start", () => {
  let folder: string;
  let host: FakeEngine;
  let cpu: StartCpu;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "start-cpu-"));
    host = new FakeEngine(labels, join(folder, "socket"));
    await host.listen();
    for (const role of ["db", "cache", "storage"] as const) make(role);
    cpu = new StartCpu({
      host: { dockerHost: `unix://${host.socket}`, stackId: "id" } as unknown as HostArgs,
      area: "aurora",
      totalMillis: SOLD,
      steady: new Map(Object.entries(STEADY)),
      lenders: Object.keys(STEADY),
    });
  });
  afterEach(async () => {
    await cpu.end("server");
    host.close();
    rmSync(folder, { recursive: true });
  });

  function make(role: keyof typeof STEADY, millis = STEADY[role]): void {
    host.containers.set(role, { role, millis, state: "running", uses: 0 });
  }
  const millis = (role: string) => host.containers.get(role)?.millis;

  async function startServer(): Promise<void> {
    await cpu.announce("server");
    make("server");
    await cpu.begin("server", "server");
    const one = host.containers.get("server");
    if (one) one.uses = 1000;
  }

  it("is lent by those who use nothing, is never more than was sold, and is back afterwards", async () => {
    await startServer();
    await eventually("the database lends", async () => (millis("db") ?? 0) < STEADY.db || undefined);
    await eventually("the server has it", async () => (millis("server") ?? 0) > 700 || undefined);
    await cpu.announce("worker");
    make("worker");
    await cpu.begin("worker", "worker");
    await cpu.end("worker");
    await cpu.end("server");
    expect(Math.max(...host.sums)).toBeLessThanOrEqual(SOLD);
    for (const [role, steady] of Object.entries(STEADY)) expect(millis(role), role).toBe(steady);
  });

  it("is lent by nobody while somebody plays, and by all when nobody does any more", async () => {
    make("server");
    const server = host.containers.get("server");
    if (server) server.uses = 300;
    await cpu.announce("worker");
    make("worker");
    await cpu.begin("worker", "worker");
    const five = Object.keys(STEADY).length;
    await eventually("it was looked at three times", async () => host.looks >= 3 * five || undefined);
    expect(host.sums).toEqual([]);
    if (server) server.uses = 0;
    const worker = host.containers.get("worker");
    if (worker) worker.uses = 150;
    await eventually("the worker has more", async () => (millis("worker") ?? 0) > STEADY.worker || undefined);
    expect(Math.max(...host.sums)).toBeLessThanOrEqual(SOLD);
    await cpu.end("worker");
  });

  it("waits for nobody who is paused: the Engine never answers what such a container uses", async () => {
    const storage = host.containers.get("storage");
    if (storage) storage.state = "paused";
    await startServer();
    await eventually("the others lend", async () => (millis("db") ?? 0) < STEADY.db || undefined);
    await cpu.end("server");
    for (const role of ["server", "db", "storage"] as const) expect(millis(role), role).toBe(STEADY[role]);
  });

  it("is taken back when the run ended in the middle, to what the state says", async () => {
    make("server", 680);
    make("db", 80);
    const resources = Object.entries({ ...STEADY, gone: 100 }).map(([id, steady]) => ({
      ...{ urn: `urn::${id}`, type: DOCKER_CONTAINER, id, custom: true },
      inputs: { cpuQuota: steady * 100 },
    }));
    expect(await giveBackCpu(engine(`unix://${host.socket}`), { resources })).toBe(2);
    for (const role of ["server", "db", "cache"] as const) expect(millis(role), role).toBe(STEADY[role]);
  });

  it("leaves alone what somebody else set, and counts it", async () => {
    make("db", 400);
    await startServer();
    await eventually("the cache lends", async () => (millis("cache") ?? 0) < STEADY.cache || undefined);
    expect(millis("db")).toBe(400);
    expect(Math.max(...host.sums)).toBeLessThanOrEqual(SOLD);
  });
});
