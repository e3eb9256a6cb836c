import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressTable } from "../../../cli/table";
import { changesIn, isUpToDate } from "../../../operations/deploy/events";
import {
  displayArgs,
  parallelArgs,
  stackInArgs,
  stackToMake,
  withSettingsCopy,
} from "../../../operations/deploy/pulumi/arguments";
import { generatedValues, realResources, stackIdOf } from "../../../operations/deploy/pulumi/deployment";
import { answered, compareVersions, isLocalEngine } from "../../../operations/docker/client";
import { unreachable } from "../../../operations/docker/unreachable";
import { probeAll } from "../../../operations/verify/probe";
import { count, listed } from "../../../operations/words";

describe("Docker that cannot be used", () => {
  it.each([
    ["EACCES", "refuses permission"],
    ["ENOENT", "is not running"],
    ["ECONNREFUSED", "is not running"],
    ["EHOSTUNREACH", "cannot be used: no way"],
  ])("%s: %s", (code, words) => {
    const stop = unreachable("unix:///x.sock", Object.assign(new Error("no way"), { code }));
    expect(stop.kind).toBe("bad-input");
    expect(stop.message).toContain(words);
    expect(stop.message).toContain("unix:///x.sock");
  });

  it("is not waited for without an end", async () => {
    await expect(answered(new Promise(() => undefined), 10)).rejects.toThrow("no answer within 0.01 s");
    expect(await answered(Promise.resolve(1), 60_000)).toBe(1);
  });

  it("compares versions as numbers", () => {
    expect(compareVersions("1.9", "1.41")).toBeLessThan(0);
    expect(compareVersions("1.41", "1.41")).toBe(0);
    expect(compareVersions("2", "1.41")).toBeGreaterThan(0);
  });

  describe("an Engine is local", () => {
    const SOCKETS = `Num       RefCount Protocol Flags    Type St Inode Path
000000001ddcbf46: 00000002 00000000 00010000 0001 01  7721 /var/run/docker.sock
000000008fa0e56f: 00000003 00000000 00000000 0001 03 2733792 /srv/other.sock
`;
    const other = { sockets: "Num       RefCount Protocol Flags    Type St Inode Path\n", contained: true };

    it("never at an address of the network", () => {
      expect(["tcp://h:2376", "ssh://h"].map((address) => isLocalEngine(address))).toEqual([false, false]);
    });

    it("in a container only where its socket was made there, or in the same network", () => {
      const ours = { sockets: SOCKETS, contained: true };
      expect(isLocalEngine("unix:///var/run/docker.sock", ours)).toBe(true);
      expect(isLocalEngine("unix:///var/run/docker.sock", other)).toBe(false);
      // Only connected to it.
      expect(isLocalEngine("unix:///srv/other.sock", ours)).toBe(false);
    });

    it("elsewhere by its socket", () => {
      expect(isLocalEngine("unix:///home/me/.docker/run/docker.sock", { ...other, contained: false })).toBe(
        true,
      );
      expect(isLocalEngine("unix:///x.sock", { contained: false })).toBe(true);
    });
  });
});

describe("arguments of pulumi", () => {
  it("are plain without a terminal", () => {
    expect(displayArgs(true)).toEqual([]);
    expect(displayArgs(false)).toContain("--non-interactive");
  });

  it("make few steps at once over ssh, unless a person says how many", () => {
    expect(parallelArgs("ssh://host", [])).toEqual(["--parallel", "4"]);
    for (const own of [["-p", "9"], ["--parallel", "9"], ["--parallel=9"]])
      expect(parallelArgs("ssh://host", own)).toEqual([]);
    expect(parallelArgs("tcp://host:2376", ["--policy-pack", "x"])).toEqual([]);
  });

  it.each([
    [
      ["stack", "init", "prod", "--secrets-provider=awskms://k"],
      { stack: "prod", secretsProvider: "awskms://k" },
    ],
    [
      ["stack", "init", "--secrets-provider", "awskms://k", "o/p/prod"],
      { stack: "o/p/prod", secretsProvider: "awskms://k" },
    ],
    [["stack", "init", "-s", "prod"], { stack: "prod" }],
    [["stack", "ls"], undefined],
  ])("say which stack is to be made: %j", (args, made) => {
    expect(stackToMake(args)).toEqual(made);
  });

  it("never show secrets", () => {
    expect([...displayArgs(true), ...displayArgs(false)]).not.toContain("--show-secrets");
  });

  it.each([
    [
      ["up", "--diff"],
      ["up", "--diff", "--config-file", "/copy"],
    ],
    [
      ["up", "--config-file=x"],
      ["up", "--config-file=x"],
    ],
    [
      ["config", "set", "a", "b"],
      ["config", "set", "a", "b"],
    ],
    [
      ["stack", "export"],
      ["stack", "export"],
    ],
  ])("%j becomes %j", (given, expected) => {
    expect(withSettingsCopy(given, "/copy")).toEqual(expected);
  });

  it.each([
    [["up", "-s", "prod"], "prod"],
    [["up", "--stack", "prod"], "prod"],
    [["--stack=prod", "up"], "prod"],
    [["up"], undefined],
  ])("%j names the stack %s", (args, stack) => {
    expect(stackInArgs(args)).toBe(stack);
  });
});

describe("a stack's state", () => {
  const deployment = {
    resources: [
      {
        urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
        type: "pulumi:pulumi:Stack",
        outputs: { addresses: [{ what: "a", url: "http://x" }, "odd"] },
      },
      {
        urn: "urn:pulumi:dev::p::random:index/randomUuid:RandomUuid::other",
        type: "random:index/randomUuid:RandomUuid",
        id: "1",
        custom: true,
      },
      {
        urn: "urn:pulumi:dev::p::random:index/randomUuid:RandomUuid::stack-id",
        type: "random:index/randomUuid:RandomUuid",
        id: "2",
        custom: true,
      },
      {
        urn: "urn:pulumi:dev::p::docker:index/network:Network::n",
        type: "docker:index/network:Network",
        id: "3",
        custom: true,
      },
      {
        urn: "urn:pulumi:dev::p::pulumi:providers:docker::d",
        type: "pulumi:providers:docker",
        id: "4",
        custom: true,
      },
      { urn: "urn:pulumi:dev::p::nexus:R::c", type: "nexus:R" },
    ],
  };

  it("tells its identity, its generated values and what exists outside", () => {
    expect(stackIdOf(deployment)).toBe("2");
    expect(stackIdOf({})).toBeUndefined();
    expect(generatedValues(deployment).map(({ id }) => id)).toEqual(["1", "2"]);
    expect(realResources(deployment).map(({ id }) => id)).toEqual(["3"]);
  });
});

describe("changesIn", () => {
  it("takes the last summary and leaves out what stayed the same", () => {
    const line = (changes: object): string => JSON.stringify({ summaryEvent: { resourceChanges: changes } });
    expect(
      changesIn([line({ create: 9 }), '{"preludeEvent":{}}', line({ create: 2, same: 5 }), ""].join("\n")),
    ).toEqual({ create: 2 });
  });

  it("is empty for a run that ended before", () => {
    expect(changesIn('{"preludeEvent":{}}\n')).toEqual({});
  });
});

describe("probeAll", () => {
  const server = createServer((request, response) => {
    response.statusCode =
      { "/ok": 200, "/moved": 302, "/late": ++asked > 3 ? 200 : 503 }[request.url ?? ""] ?? 503;
    response.end();
  });
  let asked = 0;
  let base = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });
  const problemOf = async (url: string, limitMs = 0): Promise<string | undefined> =>
    (await probeAll([{ what: "x", url }], limitMs))[0]?.problem;

  it("takes 200, redirects and open ports for an answer", async () => {
    expect(await problemOf(`http://${base}/ok`)).toBeUndefined();
    expect(await problemOf(`http://${base}/moved`)).toBeUndefined();
    expect(await problemOf(`postgresql://${base}`)).toBeUndefined();
  });

  it("says what is wrong", async () => {
    expect(await problemOf(`http://${base}/broken`)).toBe("HTTP 503 Service Unavailable");
    expect(await problemOf("redis://127.0.0.1:1")).toContain("connection refused");
  });

  it("asks again until it answers", async () => {
    asked = 0;
    expect(await problemOf(`http://${base}/late`, 10_000)).toBeUndefined();
  });
});

describe("words", () => {
  it("counts and shortens", () => {
    expect([count(1, "step"), count(0, "step")]).toEqual(["1 step", "0 steps"]);
    expect(listed(["a", "b", "c"], 2)).toBe("a, b and 1 more");
  });

  it("prints addresses in columns, with what is wrong", () => {
    const table = addressTable([
      { what: "API", url: "http://x" },
      { what: "database", url: "redis://y", problem: "HTTP 503" },
    ]);
    expect(table.split("\n").map((line) => line.trimEnd())).toEqual([
      "API       http://x   answers",
      "database  redis://y  HTTP 503",
    ]);
  });
});

describe("isUpToDate", () => {
  const state = { inputs: { a: 1 }, retainOnDelete: false };
  const step = (op: string, old: object, now: object, kind = "resourcePreEvent"): string =>
    JSON.stringify({ [kind]: { metadata: { op, old, new: now } } });
  const finished = JSON.stringify({ summaryEvent: { resourceChanges: { same: 1 } } });
  const isSo = (...lines: string[]): boolean => isUpToDate(lines.join("\n"));

  it("is so when every resource keeps everything", () => {
    const before = { ...state, id: "1", outputs: { b: 2 } };
    expect(isSo(step("same", before, state), step("same", before, before, "resOutputsEvent"), finished)).toBe(
      true,
    );
  });

  it.each([
    ["a change", step("update", state, state)],
    [
      "another option of a resource that stays the same",
      step("same", state, { ...state, retainOnDelete: true }),
    ],
    ["another output of the stack", step("same", { outputs: 1 }, { outputs: 2 }, "resOutputsEvent")],
  ])("is not so with %s", (_what, line) => {
    expect(isSo(step("same", state, state), line, finished)).toBe(false);
  });

  it("is not known of a preview that ended before", () => {
    expect(isSo(step("same", state, state))).toBe(false);
    expect(isSo("")).toBe(false);
  });
});
