import { gunzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { containerOf, docker, execIn } from "../support/containers";
import { type Answer, ask, openSocket, rawAsk, type Socket } from "../support/http";
import { becomesHealthy, buildOfficialPage } from "../support/officialPage";
import type { Project } from "../support/project";
import { REGIONS, sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

const UUID = "01234567-89ab-4cde-8f01-23456789abcd";

engineSuite("the gateway", (run) => {
  let project: Project;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    ({ project } = await sharedStack(run));
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });

  const get = (path: string, headers?: Record<string, string>): Promise<Answer> =>
    ask(project.url, path, { headers });
  const socketAt = async (path: string): Promise<Socket> => {
    const socket = await openSocket(project.url.replace("http:", "ws:") + path);
    sockets.push(socket);
    return socket;
  };

  describe("routes", () => {
    it("gives the player client at / and its health at /health", async () => {
      const page = await get("/");
      expect(page.status).toBe(200);
      expect(page.headers["content-type"]).toContain("text/html");
      expect((await get("/health")).body).toBe("healthy\n");
    });

    it("gives the admin UI below /admin/, without the prefix, and its files", async () => {
      const page = await get("/admin/");
      expect(page.status).toBe(200);
      expect(page.body).not.toBe((await get("/")).body);
      const script = await get("/admin/app.mjs");
      expect(script.status).toBe(200);
      expect(script.headers["content-type"]).toContain("javascript");
      const bare = await get("/admin");
      expect(bare.status).toBe(308);
      expect(bare.headers.location).toBe("/admin/");
    });

    it("gives /api/v1/ to the Nexus with its whole path and query", async () => {
      const answer = await get("/api/v1/whoami?a=1&b=%20c");
      expect(answer.json()).toMatchObject({ service: "nexus", path: "/api/v1/whoami?a=1&b=%20c" });
    });

    it.each(REGIONS)("gives /api/v1/regions/%s/ to that region without the prefix", async (name) => {
      const answer = await get(`/api/v1/regions/${name}/whoami?a=1&b=%20c`);
      expect(answer.json()).toMatchObject({ region: name, path: "/api/v1/whoami?a=1&b=%20c" });
    });

    it.each([
      `/api/v1/regions/${UUID}/whoami`,
      "/api/v1/regions/my-region/whoami",
      "/api/v1/regions/treaties",
    ])("gives %s to the Nexus, whose own API it is", async (path) => {
      const answer = await get(path);
      // The stand-in has no such route; that it was the Nexus is in its message.
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({ error: "not_found", message: `There is no ${path}.` });
    });

    it("keeps what is not public inside", async () => {
      for (const path of ["/metrics", "/api/", "/api/v2/status"]) {
        const answer = await get(path);
        expect(answer.status, path).toBe(404);
        expect(answer.json(), path).toMatchObject({ error: "not_found" });
      }
      for (const path of ["/api/v1/regions/alpha/metrics", "/api/v1/metrics"]) {
        expect((await get(path)).body, path).not.toContain("# TYPE");
      }
    });
  });

  describe("headers", () => {
    it("gives servers the one host that they accept, whatever the client sent", async () => {
      const direct = await ask(
        `http://127.0.0.1:${project.settings["nexus:publish"].nexusServer}`,
        "/health",
        {
          headers: { Host: "evil.example" },
        },
      );
      expect(direct.status).toBe(400);
      for (const path of ["/api/v1/whoami", "/api/v1/regions/alpha/whoami"]) {
        const answer = await get(path, { Host: "evil.example" });
        expect(answer.json(), path).toMatchObject({ host: "localhost", forwardedHost: "evil.example" });
      }
    });

    it("overwrites the client's address instead of appending to it", async () => {
      const server = await containerOf(project, "region-beta-server");
      const own = server.info.NetworkSettings.Networks[`${project.prefix}regional`]?.IPAddress;
      // A proxy is trusted by its address, and this is none.
      const script = `fetch("http://nginx-gateway:8080/api/v1/regions/alpha/whoami", { headers: {
        "X-Forwarded-For": "6.6.6.6, 7.7.7.7", "X-Real-IP": "6.6.6.6", "X-Forwarded-Proto": "https"
      } }).then((answer) => answer.text()).then(console.log)`;
      const answer = JSON.parse(await execIn(server.id, ["node", "-e", script]));
      expect(answer).toMatchObject({ forwardedFor: own, client: own, forwardedProto: "http" });
    });

    it("takes a trusted proxy's word for the nearest address that is not one, and for the scheme", async () => {
      const headers = { "X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Proto": "https" };
      expect((await get("/api/v1/regions/alpha/whoami", headers)).json()).toMatchObject({
        ...{ client: "203.0.113.9", forwardedFor: "203.0.113.9", forwardedProto: "https" },
      });
      const odd = { "X-Forwarded-Proto": 'gopher"' };
      expect((await get("/api/v1/whoami", odd)).json()).toMatchObject({ forwardedProto: "http" });
    });

    it("passes no other header on in which a client's address could be", async () => {
      const names = ["CF-Connecting-IP", "True-Client-IP", "Forwarded", "X-Client-IP", "Fastly-Client-IP"];
      const headers = Object.fromEntries([...names, "X-Harmless"].map((name) => [name, "6.6.6.6"]));
      for (const path of ["/api/v1/whoami", "/api/v1/regions/alpha/whoami"]) {
        const seen = (await get(path, headers)).json().headers as string[];
        expect(seen, path).toContain("x-harmless");
        for (const name of names) expect(seen, path).not.toContain(name.toLowerCase());
      }
    });

    it("does not let a client choose the region that a request is for", async () => {
      const answer = await get("/api/v1/regions/alpha/whoami", { "X-Region-Name": "beta" });
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ region: "alpha" });
    });

    it("turns a server's absolute redirects into ones that work from outside", async () => {
      const nexus = await get("/api/v1/status/");
      expect({ status: nexus.status, location: nexus.headers.location }).toEqual({
        status: 307,
        location: "/api/v1/status",
      });
      const region = await get("/api/v1/regions/alpha/status/");
      expect(region.status).toBe(307);
      const target = new URL(region.headers.location as string, project.url);
      expect(target.origin).toBe(project.url);
      expect((await get(target.pathname)).json()).toMatchObject({ region: "alpha" });
    });
  });

  describe("names", () => {
    const invalid = {
      "upper case": "Alpha",
      underscore: "al_pha",
      "two characters": "ab",
      "33 characters": "a".repeat(33),
      "a leading hyphen": "-alpha",
      "a trailing hyphen": "alpha-",
      "a double hyphen": "al--pha",
      dot: "alpha.x",
      space: "al%20pha",
    };
    it.each(Object.entries(invalid))("answers %s with a JSON 404", async (_, name) => {
      for (const path of [`/api/v1/regions/${name}/status`, `/ws/regions/${name}/connect`]) {
        const answer = await get(path);
        expect(answer.status, path).toBe(404);
        expect(answer.headers["content-type"], path).toContain("application/json");
        expect(answer.json(), path).toMatchObject({ error: "not_found" });
      }
    });

    it("answers a region that does not exist with a JSON 503", async () => {
      for (const path of ["/api/v1/regions/nowhere/status", "/ws/regions/nowhere/connect"]) {
        const answer = await get(path);
        expect(answer.status, path).toBe(503);
        expect(answer.headers["content-type"], path).toContain("application/json");
        expect(answer.json(), path).toMatchObject({ error: "unavailable" });
      }
    });

    it("knows no region: its configuration names none", async () => {
      const gateway = await containerOf(project, "nginx-gateway");
      const config = await execIn(gateway.id, ["cat", "/etc/nexus/nginx.conf"]);
      expect(config).toContain("proxy_pass");
      for (const name of REGIONS) {
        expect(config).not.toContain(name);
        expect(JSON.stringify(gateway.info.Config)).not.toContain(name);
      }
    });
  });

  describe("WebSockets", () => {
    it("reach the Nexus and each region, and carry messages both ways", async () => {
      const nexus = await socketAt("/ws/connect");
      expect(nexus.hello).toMatchObject({ type: "hello", service: "nexus" });
      for (const name of REGIONS) {
        const socket = await socketAt(`/ws/regions/${name}/connect`);
        expect(socket.hello).toMatchObject({ type: "hello", region: name });
        expect(await socket.say("ping")).toEqual({ type: "pong", region: name });
        expect(await socket.say("héllo")).toEqual({ type: "echo", data: "héllo" });
      }
    });

    it("also work at the game's own addresses, and like job streams outlive a silence", async () => {
      const paths = ["/api/v1/ws/connect", "/api/v1/regions/alpha/ws/connect", "/ws/connect"];
      const opened = await Promise.all(paths.map(socketAt));
      expect(opened.map(({ hello }) => hello.region ?? hello.service)).toEqual(["nexus", "alpha", "nexus"]);
      // Each is silent for longer than the gateway waits for an ordinary answer.
      const stream = "admin/galaxy/jobs/1/stream";
      const streams = await Promise.all(
        [`/api/v1/${stream}`, `/api/v1/regions/alpha/${stream}`].map((path) =>
          get(path, { "Accept-Encoding": "gzip" }),
        ),
      );
      for (const { status, headers, body } of streams) {
        expect([status, headers["content-encoding"]]).toEqual([200, undefined]);
        expect(body).toBe('data: {"progress":0}\n\ndata: {"progress":1}\n\n');
      }
      for (const socket of opened) expect(await socket.say("ping")).toMatchObject({ type: "pong" });
    });
  });

  it("compresses the pages' scripts, and no answer of a server", async () => {
    const packed = { "Accept-Encoding": "gzip" };
    const script = await get("/admin/app.mjs", packed);
    expect(script.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(script.bytes).toString()).toBe((await get("/admin/app.mjs")).body);
    const answer = await get("/api/v1/status", packed);
    expect([answer.status, answer.headers["content-encoding"]]).toEqual([200, undefined]);
  });

  it("logs no query and no Referer, whatever becomes of a request", async () => {
    const secret = `eyJ${project.prefix}token`;
    const headers = { Referer: `http://x/?token=${secret}` };
    const paths = ["/api/v1/whoami", "/api/v1/regions/nowhere/x", "/api/v1/regions/alpha/..%2f", "/none"];
    for (const path of paths) await get(`${path}?token=${secret}`, headers);
    await rawAsk(project.url, `GET /bad?token=${secret} HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n`);
    await rawAsk(project.url, `GET /?token=${secret}${"x".repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const { id } = await containerOf(project, "nginx-gateway");
    const options = { stdout: true, stderr: true, follow: false } as const;
    const log = (await docker.getContainer(id).logs(options)).toString();
    expect(log).toContain('"path":"/api/v1/regions/nowhere/x","status":503');
    expect(log).not.toContain(secret);
  });

  it("has pages that may be made on the official nginx image, whose places for writing are others", async () => {
    const page = await containerOf(project, "player-client");
    const { info } = await containerOf(project, "nginx-gateway");
    const tag = `nexus-test/official-page:${project.prefix}1`;
    await buildOfficialPage(docker, info.Config.Image, tag);
    try {
      await becomesHealthy(docker, page.info, tag);
    } finally {
      await docker.getImage(tag).remove({ force: true });
    }
  });

  it("serves 200 requests at once, each from the region it asked for", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const name = REGIONS[index % REGIONS.length] ?? "";
        return { name, answer: await get(`/api/v1/regions/${name}/whoami`) };
      }),
    );
    for (const { name, answer } of answers) {
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ region: name });
    }
  });
});
