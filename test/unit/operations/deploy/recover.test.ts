import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../../components/ready/look";
import type { Deployment, StateResource } from "../../../../operations/deploy/pulumi/deployment";
import { TRIAL } from "../../../../operations/deploy/pulumi/tryProvider";
import { leftovers } from "../../../../operations/deploy/recover/leftovers";
import { judge, lockRefusal, readLocks } from "../../../../operations/deploy/recover/lock";
import {
  describePlan,
  type EngineObjects,
  isEmpty,
  planRecovery,
  unproven,
} from "../../../../operations/deploy/recover/plan";
import { backendFolder, removeEmptyAttributes } from "../../../../operations/deploy/state/fileBackend";

const resource = (kind: "container" | "network" | "volume", id: string, inputs = {}): StateResource => ({
  urn: `urn:pulumi:dev::nexus::docker:index/${kind}:${kind[0]?.toUpperCase()}${kind.slice(1)}::${id}`,
  type: `docker:index/${kind}:${kind[0]?.toUpperCase()}${kind.slice(1)}`,
  id,
  custom: true,
  inputs,
});

const STATE: Deployment = {
  resources: [
    resource("network", "net"),
    resource("volume", "vol"),
    resource("container", "db"),
    resource("container", "server"),
  ],
};

function engine(own: [string, string?][], existing: string[]): EngineObjects {
  return {
    own: own.map(([id, state]) => ({
      kind: state ? "container" : "network",
      id,
      name: `name-of-${id}`,
      state,
    })),
    existing: new Set(existing),
    starts: new Map(),
  };
}

const HEALTHY = engine([["net"], ["db", "running"], ["server", "running"]], ["net", "vol", "db", "server"]);

describe("lockRefusal", () => {
  // As pulumi 3.256.0 prints it.
  const WORDS =
    "error: could not create stack: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or " +
    "delete the lock file with `pulumi cancel`.\n" +
    "  s3://state/.pulumi/locks/organization/nexus/prod/c1.json: created by ci@runner-1 (pid 5199) at 2026-11-25T00:38:05Z\n";

  it("names the holder and how to remove the lock", () => {
    expect(lockRefusal("prod", WORDS)).toBe(
      'Stack "prod" is locked: process 5199 of ci on runner-1, since 2026-11-25T00:38:05Z. Nothing was changed. Wait until ' +
        "that run ends. If it is over, remove its lock with: npm run pulumi -- cancel --yes --stack prod",
    );
  });

  it("knows the words of Pulumi Cloud, which names nobody", () => {
    const words = "error: [409] Conflict: Another update is currently in progress.";
    expect(lockRefusal("prod", words)).toMatch(/^Stack "prod" is locked: another update is in progress\. /);
  });

  it("is silent about any other failure", () => {
    expect(lockRefusal("prod", "error: no such host")).toBeUndefined();
  });
});

describe("planRecovery", () => {
  it("has nothing to do when state and Engine agree", () => {
    expect(isEmpty(planRecovery(STATE, HEALTHY))).toBe(true);
  });

  it("removes objects with this stack's label that the state does not know", () => {
    const plan = planRecovery(
      STATE,
      engine([...ownOf(HEALTHY), ["x", "created"], ["y"]], ["net", "vol", "db", "server", "x", "y"]),
    );
    expect(plan.orphans.map(({ id }) => id)).toEqual(["x", "y"]);
    expect(isEmpty(plan)).toBe(false);
  });

  it("leaves a container to the preview that measures the host with it, until that has ended", () => {
    const measure = (state: string) => ({
      kind: "container" as const,
      id: state,
      name: state,
      state,
      role: "measure",
    });
    const own = [...HEALTHY.own, measure("created"), measure("running"), measure("exited")];
    const plan = planRecovery(STATE, { ...HEALTHY, own });
    expect(plan.orphans.map(({ id }) => id)).toEqual(["exited"]);
  });

  it("leaves what waits for its deletion to pulumi", () => {
    const replaced = { ...resource("container", "old"), delete: true };
    const deployment = { resources: [...(STATE.resources ?? []), replaced] };
    const plan = planRecovery(
      deployment,
      engine([...ownOf(HEALTHY), ["old", "running"]], ["net", "vol", "db", "server", "old"]),
    );
    expect(isEmpty(plan)).toBe(true);
  });

  it("finds containers, networks and volumes that are gone", () => {
    const plan = planRecovery(STATE, engine([["server", "running"]], ["server"]));
    expect(plan.lost.map(({ id }) => id)).toEqual(["db", "net", "vol"]);
  });

  it("does not miss a one-shot container that removes itself", () => {
    const plan = planRecovery(
      { resources: [resource("container", "job", { rm: true, mustRun: false })] },
      engine([], []),
    );
    expect(isEmpty(plan)).toBe(true);
  });

  it.each(["created", "exited", "dead"])("starts a container that is %s", (state) => {
    const plan = planRecovery(
      STATE,
      engine([["net"], ["db", state], ["server", "running"]], ["net", "vol", "db", "server"]),
    );
    expect(plan.stopped.map(({ id }) => id)).toEqual(["db"]);
  });

  it("leaves a one-shot container stopped, and a restarting one to Docker", () => {
    const deployment = {
      resources: [resource("container", "job", { mustRun: false }), resource("container", "loop")],
    };
    const plan = planRecovery(
      deployment,
      engine(
        [
          ["job", "exited"],
          ["loop", "restarting"],
        ],
        ["job", "loop"],
      ),
    );
    expect(isEmpty(plan)).toBe(true);
  });

  describe("a container whose start was not seen to its end", () => {
    const deployment: Deployment = {
      resources: [{ ...resource("container", "db"), initErrors: ["error inspecting container state: EOF"] }],
    };
    const plan = (state: string, start: Verdict) =>
      planRecovery(deployment, { ...engine([["db", state]], ["db"]), starts: new Map([["db", start]]) });

    it.each<Verdict>(["ready", "starting"])("is kept when it is %s", (start) => {
      const { well, failed } = plan("running", start);
      expect([well, failed].map((list) => list.map(({ id }) => id))).toEqual([["db"], []]);
      expect(describePlan(plan("running", start))).toEqual([
        expect.stringMatching(/^1 container whose .* to be kept: db$/),
      ]);
    });

    it("is left to be recreated when it did not come up well", () => {
      expect(isEmpty(plan("running", "failed"))).toBe(true);
      // Started by hand it would lack what should have come between its creation and its start.
      expect(isEmpty(plan("created", "failed"))).toBe(true);
    });
  });

  describe("a container that was never seen ready", () => {
    const ready = (...ids: string[]): StateResource => ({
      ...{ urn: "urn::region-a-ready", type: "nexus:ready:Ready", custom: false },
      inputs: { containers: Object.fromEntries(ids.map((id) => [id, id])) },
    });
    const withReady = (...ids: string[]): Deployment => ({
      resources: [...(STATE.resources ?? []), ready(...ids)],
    });
    const starts = (start: Verdict): EngineObjects["starts"] => new Map([["db", start]]);

    it("is one whose id no step of its region's end has recorded", () => {
      expect(unproven(withReady("server", "db"))).toEqual([]);
      expect(unproven(withReady("server", "db-before")).map(({ id }) => id)).toEqual(["db"]);
      expect(unproven(STATE).map(({ id }) => id)).toEqual(["db", "server"]);
    });

    it("is never one that was replaced or does its work once", () => {
      const resources = [
        { ...resource("container", "old"), delete: true },
        resource("container", "job", { mustRun: false }),
      ];
      expect(unproven({ resources })).toEqual([]);
    });

    it("is replaced when it failed, which is no work for recovery, and left alone otherwise", () => {
      for (const start of ["ready", "starting", "failed"] as const) {
        const plan = planRecovery(withReady("server"), { ...HEALTHY, starts: starts(start) });
        expect(isEmpty(plan), start).toBe(true);
        expect(plan.failed.map(({ id }) => id)).toEqual(start === "failed" ? ["db"] : []);
      }
    });

    it("is made again by recovery when it has ended", () => {
      const found = engine(
        [["net"], ["db", "exited"], ["server", "running"]],
        ["net", "vol", "db", "server"],
      );
      const plan = planRecovery(withReady("server"), { ...found, starts: starts("failed") });
      expect([plan.stopped, plan.failed].map((list) => list.map(({ id }) => id))).toEqual([["db"], []]);
    });
  });

  it("counts unfinished steps", () => {
    const plan = planRecovery(
      { ...STATE, pending_operations: [{ type: "creating", resource: resource("network", "") }] },
      HEALTHY,
    );
    expect(plan.pending).toBe(1);
    expect(describePlan(plan)).toEqual(["1 unfinished step in the state, to be cleared"]);
  });

  it("names what it found", () => {
    const plan = planRecovery(
      STATE,
      engine([["x", "created"], ["net"], ["db", "exited"]], ["x", "net", "vol", "db"]),
    );
    expect(describePlan(plan)).toEqual([
      "1 object of an unfinished run, to be removed: name-of-x",
      "1 resource gone from Docker, to be made again: server",
      "1 container not running, to be started: db",
    ]);
  });
});

describe("leftovers", () => {
  const plugin = {
    pid: 10,
    parent: 1,
    name: "pulumi-resource",
    cwd: "/p",
    args: ["docker", "127.0.0.1:4711"],
  };
  const tried = { ...plugin, parent: 7, args: ["docker", TRIAL] };

  it("are plugins of this project whose engine is gone", () => {
    expect(leftovers([plugin], "/p")).toEqual([plugin]);
    const orphan = { ...tried, parent: 1 };
    expect(leftovers([orphan], "/p")).toEqual([orphan]);
  });

  it("are not the plugins of a run at work, those of another project, or other programs", () => {
    const engine = { ...plugin, pid: 5, name: "pulumi" };
    const others = [
      tried,
      { ...plugin, parent: 5 },
      { ...plugin, cwd: "/other" },
      { ...plugin, name: "node" },
    ];
    expect(leftovers([engine, ...others], "/p")).toEqual([]);
  });
});

function ownOf({ own }: EngineObjects): [string, string?][] {
  return own.map(({ id, state }) => [id, state]);
}

describe("locks", () => {
  it.each([
    [{ sameHost: true, alive: true }, "running"],
    [{ sameHost: true, alive: false }, "stale"],
    [{ sameHost: false, alive: false }, "elsewhere"],
    [{ sameHost: false, alive: true }, "elsewhere"],
  ])("%o is %s", (holder, state) => {
    expect(judge(holder)).toBe(state);
  });

  it("finds the folder of a file backend", () => {
    expect(backendFolder("file:///srv/state?no_tmp_dir=true", "/p")).toBe("/srv/state");
    expect(backendFolder("file:///srv/with%20space", "/p")).toBe("/srv/with space");
    expect(backendFolder("file://./state", "/p")).toBe("/p/state");
    expect(backendFolder("file://~", "/p")).toBe(homedir());
    expect(backendFolder("s3://bucket", "/p")).toBeUndefined();
  });

  it("reads the locks of one stack, and survives one that is being written", () => {
    const folder = mkdtempSync(join(tmpdir(), "nexus-cli-test-"));
    try {
      const locks = join(folder, ".pulumi", "locks", "organization", "nexus", "dev");
      mkdirSync(locks, { recursive: true });
      writeFileSync(join(locks, "a.json"), '{"pid":7,"username":"me","hostname":"h","timestamp":"t"}');
      writeFileSync(join(locks, "b.json"), '{"pid":');
      expect(readLocks(folder, "nexus", "dev").map(({ pid }) => pid)).toEqual([7]);
      expect(readLocks(folder, "nexus", "prod")).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("removes attributes that a killed run left empty, and nothing else", () => {
    const folder = mkdtempSync(join(tmpdir(), "nexus-cli-test-"));
    try {
      removeEmptyAttributes(folder);
      const stacks = join(folder, ".pulumi", "stacks", "nexus");
      mkdirSync(stacks, { recursive: true });
      const left = { "dev.json": "{}", "dev.json.bak": "", "dev.json.bak.attrs": '{"md5":"x"}' };
      for (const [name, text] of Object.entries({ ...left, "dev.json.attrs": "" })) {
        writeFileSync(join(stacks, name), text);
      }
      writeFileSync(join(folder, ".pulumi", "meta.yaml.attrs"), "");
      removeEmptyAttributes(folder);
      expect(readdirSync(stacks).sort()).toEqual(Object.keys(left));
      expect(readdirSync(join(folder, ".pulumi"))).toEqual(["stacks"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
