import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { containerOf, execIn } from "../support/containers";
import { type Answer, ask, openSocket, type Socket } from "../support/http";
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
      const forged = {
        "X-Forwarded-For": "6.6.6.6, 7.7.7.7",
        "X-Real-IP": "6.6.6.6",
        "X-Forwarded-Proto": "https",
      };
      const answer = (await get("/api/v1/regions/alpha/whoami", forged)).json();
      expect(String(answer.forwardedFor)).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(answer.forwardedFor).not.toBe("6.6.6.6");
      expect(answer.client).toBe(answer.forwardedFor);
      expect(answer.forwardedProto).toBe("http");
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

    it("also work at the game's own address", async () => {
      expect((await socketAt("/api/v1/ws/connect")).hello).toMatchObject({ service: "nexus" });
    });
  });

  it("serves 20 clients at a time, each the region it asked for", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const name = REGIONS[index % REGIONS.length] ?? "";
        return Promise.resolve(Math.floor(index / 20)).then(() =>
          get(`/api/v1/regions/${name}/whoami`).then((answer) => ({ name, answer })),
        );
      }),
    );
    for (const { name, answer } of answers) {
      expect(answer.status).toBe(200);
      expect(answer.json()).toMatchObject({ region: name });
    }
  });
});
