import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decide } from "../../../setup/docker/decide";
import { candidates, get, requestOptions } from "../../../setup/docker/ping";
import { isRunning } from "../../../setup/docker/start";
import { SetupProblem } from "../../../setup/problems";
import { isLocked, missingPackages } from "../../../setup/steps/packages";

const root = { platform: "linux" as const, root: true, user: "root", debian: true };
const person = { ...root, root: false, user: "ann" };
const facts = {
  host: "unix:///var/run/docker.sock",
  from: undefined as string | undefined,
  answer: { state: "absent" as const, detail: "connect ENOENT" },
  dockerd: false,
  machine: root as typeof root | typeof person,
};

describe("decide", () => {
  it("uses an engine that answers, and one that only Docker's client can ask", () => {
    expect(decide({ ...facts, answer: { state: "ok" } })).toBe("use");
    expect(decide({ ...facts, host: "ssh://host", from: "DOCKER_HOST", answer: { state: "unasked" } })).toBe(
      "use",
    );
  });
  it("starts one that is installed, and installs one, as root on Debian", () => {
    expect(decide({ ...facts, dockerd: true })).toBe("start");
    expect(decide(facts)).toBe("install");
    expect(decide({ ...facts, dockerd: true, machine: { ...root, debian: false } })).toBe("start");
  });
  it("waits for one that listens already", () => {
    expect(decide({ ...facts, answer: { state: "silent" } })).toBe("wait");
  });

  it.each([
    [
      "permission refused",
      { answer: { state: "denied" as const }, machine: person },
      /refuses user ann.*group docker/,
    ],
    [
      "stopped, no root",
      { dockerd: true, machine: person },
      /installed and not running: start it \(sudo systemctl/,
    ],
    [
      "none, no root",
      { machine: person },
      /There is no Docker Engine: install one \(sudo apt-get install docker.io/,
    ],
    ["none, not Debian", { machine: { ...root, debian: false } }, /on Debian and Ubuntu only/],
    ["none, a Mac", { machine: { ...person, platform: "darwin" as const } }, /Docker Desktop/],
    [
      "a wrong DOCKER_HOST",
      { from: "DOCKER_HOST", host: "tcp://h:1" },
      /tcp:\/\/h:1, which DOCKER_HOST names/,
    ],
    [
      "not Docker",
      { answer: { state: "wrong" as const, detail: "HTTP 404" } },
      /is not a Docker Engine \(HTTP 404\)/,
    ],
  ])("says what to do: %s", (_, change, message) => {
    expect(() => decide({ ...facts, ...change })).toThrow(SetupProblem);
    expect(() => decide({ ...facts, ...change })).toThrow(message);
  });
});

describe("missingPackages", () => {
  const forImages = ["debootstrap", "debian-archive-keyring"];
  const all = { mayInstall: true, engineHere: true, localImages: true };
  it("are those that are needed and not there", () => {
    expect(missingPackages({ ...all, has: () => false })).toEqual(["docker.io", "iptables", ...forImages]);
    expect(missingPackages({ ...all, has: (tool) => tool === "dockerd" })).toEqual([
      "iptables",
      ...forImages,
    ]);
    expect(missingPackages({ ...all, engineHere: false, has: () => false })).toEqual(forImages);
    expect(missingPackages({ ...all, localImages: false, has: () => true })).toEqual([]);
    const forTests = { ...all, engineHere: false, localImages: false, testServers: true };
    expect(missingPackages({ ...forTests, has: (tool) => tool === "openssl" })).toEqual([
      "openssh-client",
      "openssh-server",
      "iproute2",
    ]);
  });
  it("are none where they cannot be installed", () => {
    expect(missingPackages({ ...all, mayInstall: false, has: () => false })).toEqual([]);
  });
  it("wait while another package manager holds the lock", () => {
    const line = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12 (apt-get)";
    expect(isLocked(["Reading package lists...", line])).toBe(true);
    expect(isLocked(["dpkg: error: dpkg frontend lock was locked by another process with pid 12"])).toBe(
      true,
    );
    expect(isLocked(["E: Unable to locate package docker.io"])).toBe(false);
  });
});

describe("candidates", () => {
  it("are what somebody chose, or else the usual sockets", () => {
    expect(candidates({ DOCKER_HOST: "tcp://h:1" }, "/home/p", "ssh://far")).toMatchObject({
      hosts: ["ssh://far"],
    });
    expect(candidates({ DOCKER_HOST: "tcp://h:1" }, "/home/p")).toEqual({
      hosts: ["tcp://h:1"],
      from: "DOCKER_HOST",
    });
    expect(candidates({ XDG_RUNTIME_DIR: "/run/user/1" }, "/home/p").hosts).toEqual([
      "unix:///var/run/docker.sock",
      "unix:///run/user/1/docker.sock",
      "unix:///home/p/.docker/run/docker.sock",
    ]);
  });
  it("are asked over plain HTTP where that is possible", () => {
    expect(requestOptions("unix:///s", false)).toEqual({ socketPath: "/s" });
    expect(requestOptions("tcp://h", false)).toEqual({ host: "h", port: 2375 });
    expect(requestOptions("tcp://[::1]:5", false)).toEqual({ host: "::1", port: 5 });
    expect(requestOptions("tcp://h:2376", true)).toBeUndefined();
    expect(requestOptions("ssh://u@h", false)).toBeUndefined();
  });
});

describe("get", () => {
  let folder: string;
  let socket: string;
  let server: Server | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "setup-docker-"));
    socket = join(folder, "docker.sock");
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((done) => (server ? server.close(done) : done(undefined)));
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });
  const answerWith = (status: number | undefined) =>
    new Promise<void>((ready) => {
      server = createServer((_, response) => {
        if (status) response.writeHead(status).end("OK");
      }).listen(socket, ready);
    });

  it("tells an engine from nobody, a stranger and one that hangs", async () => {
    expect(await get(`unix://${socket}`, "/_ping")).toMatchObject({ state: "absent" });
    await answerWith(200);
    expect(await get(`unix://${socket}`, "/_ping")).toEqual({ state: "ok", body: "OK" });
  });
  it("names what else answers", async () => {
    await answerWith(404);
    expect(await get(`unix://${socket}`, "/_ping")).toEqual({ state: "wrong", detail: "HTTP 404" });
  });
  it("does not wait for ever", async () => {
    await answerWith(undefined);
    expect(await get(`unix://${socket}`, "/_ping", { limitMs: 50 })).toMatchObject({ state: "silent" });
  });
});

describe("isRunning", () => {
  it("believes a pid file only when its process is that program", () => {
    const folder = mkdtempSync(join(tmpdir(), "setup-pid-"));
    const pidFile = join(folder, "docker.pid");
    const us = readFileSync("/proc/self/comm", "utf8").trim();
    expect(isRunning("dockerd", pidFile)).toBe(false);
    writeFileSync(pidFile, `${process.pid}\n`);
    expect(isRunning(us, pidFile)).toBe(true);
    // The number of an engine that was killed, given to another program since.
    expect(isRunning("dockerd", pidFile)).toBe(false);
    writeFileSync(pidFile, "999999999");
    expect(isRunning(us, pidFile)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
