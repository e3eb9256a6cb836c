import type { Redis } from "ioredis";
import type { Pool } from "pg";
import { afterEach, describe, expect, it, vi } from "vitest";
import { clientAddress, hostAllowed } from "../../../services/gameserver/host";
import { reasonOf } from "../../../services/gameserver/log";
import { judge } from "../../../services/gameserver/readiness";
import { regionToken, tokenMatches } from "../../../services/gameserver/registration";
import { createRegistry, describe as describeRegion } from "../../../services/gameserver/registry";
import { within } from "../../../services/gameserver/timeout";
import { workJobs, workOn } from "../../../services/gameserver/worker";

describe("the host check", () => {
  it.each(["localhost", "localhost:8080"])("accepts %s everywhere", (host) => {
    expect(hostAllowed(host, "production")).toBe(true);
  });

  it.each(["127.0.0.1", "central-nexus-server:8080", "localhost.evil.test", "", undefined])(
    "accepts %s in development only",
    (host) => {
      expect(hostAllowed(host, "staging")).toBe(false);
      expect(hostAllowed(host, "development")).toBe(true);
    },
  );
});

describe("the client's address", () => {
  it("is the left-most forwarded one, else the peer's", () => {
    expect(clientAddress("203.0.113.9, 172.20.0.5", "172.20.0.5")).toBe("203.0.113.9");
    expect(clientAddress(undefined, "::ffff:172.20.0.5")).toBe("172.20.0.5");
  });
});

describe("readiness", () => {
  it("needs both, and names what is gone by its code only", () => {
    expect(judge(undefined, undefined)).toEqual({ ready: true, checks: { database: "ok", cache: "ok" } });
    const error = Object.assign(new Error("connect postgresql://app:pw@db failed"), { code: "ECONNREFUSED" });
    expect(judge(error, undefined)).toEqual({
      ready: false,
      checks: { database: "unavailable (ECONNREFUSED)", cache: "ok" },
    });
  });

  it.each([
    ["Query read timeout", "timeout"],
    ["Connection terminated unexpectedly", "not connected"],
    ["Stream isn't writeable and enableOfflineQueue options is false", "not connected"],
    ["redis://app:pw@cache", "Error"],
  ])("calls the drivers' %s: %s", (message, reason) => {
    expect(reasonOf(new Error(message))).toBe(reason);
  });
});

describe("a deadline", () => {
  afterEach(() => void vi.useRealTimers());

  it("ends a wait that would not end, and passes an answer or a failure through", async () => {
    vi.useFakeTimers();
    const hanging = expect(within(1400, new Promise(() => {}))).rejects.toMatchObject({ code: "timeout" });
    await vi.advanceTimersByTimeAsync(1400);
    await hanging;
    await expect(within(1400, Promise.resolve(1))).resolves.toBe(1);
    await expect(within(1400, Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("registration", () => {
  it("accepts a region's own token only", () => {
    const token = regionToken("key", "aurora");
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(tokenMatches("key", "aurora", token)).toBe(true);
    for (const other of [regionToken("key", "borealis"), regionToken("other", "aurora"), "", "short"]) {
      expect(tokenMatches("key", "aurora", other)).toBe(false);
    }
  });

  const row = { name: "aurora", owner: "o", max_players: 100, version: "1", last_seen: new Date(0) };
  const beat = { players: 3, maxPlayers: 100, version: "1", ready: true };

  it("tells up from degraded from down", () => {
    const live = { ...beat, seen: 60_000, written: 0 };
    expect(describeRegion(row, live)).toMatchObject({
      state: "up",
      players: 3,
      lastSeen: "1970-01-01T00:01:00.000Z",
    });
    expect(describeRegion(row, { ...live, ready: false }).state).toBe("degraded");
    expect(describeRegion(row, undefined)).toMatchObject({
      state: "down",
      players: 0,
      lastSeen: "1970-01-01T00:00:00.000Z",
    });
  });

  it("writes to the database when a region comes up, not at every heartbeat", async () => {
    const store = new Map<string, string>();
    const set = vi.fn(async (key: string, value: string) => void store.set(key, value));
    const redis = { get: async (key: string) => store.get(key) ?? null, set } as unknown as Redis;
    const query = vi.fn(async () => ({ rows: [] }));
    const registry = createRegistry({ query } as unknown as Pool, redis);
    for (let i = 0; i < 3; i++) await registry.report("aurora", beat);
    expect(query).toHaveBeenCalledTimes(1);
    expect(set).toHaveBeenCalledTimes(3);
    expect(set.mock.calls[0]?.slice(2)).toEqual(["EX", 15]);
  });
});

describe("the worker", () => {
  /** Two lists, as Redis would keep them; `work` stops when nothing is left. */
  function setUp(queue: string[], taken: string[], done: string[] = []) {
    const results = new Map<string, unknown>();
    let stop = false;
    const redis = {
      lmove: async () => {
        const id = taken.shift();
        if (id) queue.push(id);
        return id ?? null;
      },
      blmove: async () => {
        const id = queue.pop();
        if (id) taken.unshift(id);
        else stop = true;
        return id ?? null;
      },
      lrem: async (_: string, __: number, id: string) => void taken.splice(taken.indexOf(id), 1),
    } as unknown as Redis;
    const query = async (sql: string, [id, result]: [string, unknown]) => {
      if (sql.startsWith("UPDATE")) results.set(id, result);
      return { rows: done.includes(id) ? [] : [{ payload: { numbers: [1, 2] } }] };
    };
    return { results, work: () => workJobs({ query } as unknown as Pool, redis, () => stop) };
  }

  it("does what is queued, and first what was cut off", async () => {
    const queue = ["b", "a"];
    const taken = ["x"];
    const { results, work } = setUp(queue, taken);
    await work();
    expect([...results.keys()]).toEqual(["x", "a", "b"]);
    expect(results.get("a")).toEqual({ sum: 3, count: 2 });
    expect([queue, taken]).toEqual([[], []]);
  });

  it("does nothing twice", async () => {
    const { results, work } = setUp([], ["x"], ["x"]);
    await work();
    expect(results.size).toBe(0);
  });

  it("adds up", () => {
    expect(workOn({})).toEqual({ sum: 0, count: 0 });
  });
});
