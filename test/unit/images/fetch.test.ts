import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FetchEvent, fetchImages } from "../../../images/fetch";
import { after, type Layers, type PullMessage, progressOf } from "../../../images/pull";
import { whyNot } from "../../../images/pullFailure";
import { summary } from "../../../operations/docker/fetchImages";

describe("a pull's progress", () => {
  const progress = (messages: PullMessage[]) =>
    progressOf(messages.reduce<Layers>((layers, message) => after(layers, message), new Map()));
  const layer = (id: string, status: string, current?: number, total?: number): PullMessage => ({
    id,
    status,
    progressDetail: { current, total },
  });

  it("adds layers and bytes up, as the Engine tells them", () => {
    const begun = [
      { id: "1.0", status: "Pulling from game/redis" },
      layer("aa", "Already exists"),
      layer("bb", "Pulling fs layer"),
      layer("cc", "Pulling fs layer"),
      layer("bb", "Downloading", 10, 100),
      layer("cc", "Downloading", 50, 50),
      layer("cc", "Download complete"),
    ];
    expect(progress(begun)).toEqual({ layers: 3, layersDone: 1, bytes: 150, bytesDone: 60 });
    const ended = [
      ...begun,
      layer("bb", "Verifying Checksum"),
      // Unpacked, a layer is larger.
      layer("bb", "Extracting", 300, 400),
      layer("bb", "Pull complete"),
      layer("cc", "Pull complete"),
      { status: "Digest: sha256:00" },
      { status: "Status: Downloaded newer image for game/redis:1.0" },
    ];
    expect(progress(ended)).toEqual({ layers: 3, layersDone: 3, bytes: 150, bytesDone: 150 });
  });

  it("is one line for all images", () => {
    const line = summary(1, 3, [
      { layers: 3, layersDone: 3, bytes: 2e6, bytesDone: 2e6 },
      { layers: 4, layersDone: 1, bytes: 10e6, bytesDone: 500_000 },
    ]);
    expect(line).toBe("fetching: 1 of 3 images, 4 of 7 layers, 2.5 MB of 12.0 MB known so far");
  });
});

describe("why an image could not be had", () => {
  // As Engines of version 20.10 and 26 said it.
  it.each<[string, RegExp]>([
    [
      'Head "http://r:5/v2/game/manifests/1": no basic auth credentials',
      /asks for a login.*no login for it.*docker login r:5/,
    ],
    [
      "pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
      /asks for a login/,
    ],
    [
      "(HTTP code 404) unexpected - manifest for r:5/game:9 not found: manifest unknown: manifest unknown ",
      /^r:5 has no such image; check .* \(manifest for/,
    ],
    ['Get "http://r:5/v2/": dial tcp 127.0.0.1:5: connect: connection refused', /cannot be reached/],
    ["unexpected EOF", /went away/],
    ["nothing came for 300 s", /went away/],
    [
      "failed to register layer: Error processing tar file(exit status 1): write /usr/lib/x: no space left on device",
      /disk is full/,
    ],
    ['Get "https://r:5/v2/": http: server gave HTTP response to HTTPS client', /does not trust r:5/],
    ['Get "https://r:5/v2/": x509: certificate signed by unknown authority', /does not trust r:5/],
    ["toomanyrequests: You have reached your pull rate limit.", /no more requests/],
    ["something new", /^something new$/],
  ])("%s", (said, meaning) => {
    expect(whyNot(said, "r:5", undefined)).toMatch(meaning);
  });

  it("names whose login was refused", () => {
    const why = whyNot("unauthorized: authentication required", "r:5", '"bot" (nexus:registries.r:5)');
    expect(why).toMatch(/^r:5 refuses the login "bot" \(nexus:registries\.r:5\)/);
  });
});

// What an Engine does that fails in the middle; whole ones are in the engine suite.
describe("fetching from an Engine", () => {
  let folder: string;
  let server: Server;
  let asked: string[];
  let answerPull: (response: ServerResponse, url: string) => void;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "nexus-fetch-"));
    asked = [];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.method === "POST") return answerPull(response, request.url ?? "");
      const there = request.url?.includes("there") === true;
      response.writeHead(there ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify({ RepoDigests: [`there@sha256:${"b".repeat(64)}`], message: "none" }));
    });
    await new Promise<void>((resolve) => server.listen(join(folder, "socket"), resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const fetch = (refs: string[], onProgress?: (event: FetchEvent) => void, stalledMs = 300) =>
    fetchImages({
      docker: new Docker({ socketPath: join(folder, "socket") }),
      refs,
      logins: { projectDir: folder, env: { DOCKER_CONFIG: folder } },
      stalledMs,
      onProgress,
    });

  it("pulls nothing that is there, and says nothing then", async () => {
    const events: FetchEvent[] = [];
    expect(await fetch(["r:5/there:1", "r:5/there:1"], (event) => events.push(event))).toEqual([]);
    expect(events).toEqual([]);
    expect(asked).toEqual(["GET /images/r:5/there:1/json"]);
  });

  it("takes one with another digest for none", async () => {
    answerPull = (response) => response.end('{"errorDetail":{"message":"gone"},"error":"gone"}\n');
    const digest = `sha256:${"a".repeat(64)}`;
    await expect(fetch([`r:5/there:1@${digest}`])).rejects.toThrow(`  r:5/there:1@${digest}: gone\n`);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      "reports an error",
      (response) => response.end('{"status":"x"}\n{"error":"unexpected EOF"}\n'),
      /unexpected EOF/,
    ],
    ["ends early", (response) => response.end('{"status":"Pulling"}\n'), /ended and the image is not there/],
    [
      "breaks off",
      (response) => void response.write('{"status":"Pulling"}\n', () => response.destroy()),
      /aborted|hang up|reset/,
    ],
    ["stands still", (response) => void response.write('{"status":"Pulling"}\n'), /nothing came for/],
  ])("names every image when a pull %s", async (_, answer, message) => {
    answerPull = answer;
    const failing = fetch(["r:5/a:1", "nexus-local/b:1", "c:1"]);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toThrow(
      /^3 of 3 images .*\n {2}r:5\/a:1: .*\n {2}nexus-local\/b:1: .*npm run images:build\n {2}c:1: /,
    );
    expect(asked.filter((line) => line.startsWith("POST"))).toHaveLength(2);
  });

  it("waits for an image whose layers wait for those of another one", async () => {
    const stalledMs = 2000;
    const waiting: ServerResponse[] = [];
    answerPull = (response, url) => {
      response.write('{"status":"Waiting","id":"aa"}\n');
      if (url.includes("small")) return void waiting.push(response);
      const beat = setInterval(() => response.write('{"status":"Downloading","id":"aa"}\n'), 50);
      setTimeout(() => {
        clearInterval(beat);
        for (const one of [response, ...waiting]) one.end('{"error":"its end"}\n');
      }, 2.5 * stalledMs);
    };
    const failing = fetch(["r:5/large:1", "r:5/small:1"], undefined, stalledMs);
    await expect(failing).rejects.toThrow(/large:1: its end\n.*small:1: its end\n/);
  });

  it("asks no registry when a login cannot be used, and says it once", async () => {
    writeFileSync(join(folder, "config.json"), "{");
    const failing = fetch(["r:5/a:1", "s:5/b:1"]);
    await expect(failing).rejects.toThrow(/^[^\n]*config\.json: Docker's configuration is not JSON[^\n]*$/);
    expect(asked.filter((line) => line.startsWith("POST"))).toEqual([]);
  });
});
