import { beforeAll, expect, it } from "vitest";
import { rawAsk } from "../support/http";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

engineSuite("hostile requests to the gateway", (run) => {
  let project: Project;
  beforeAll(async () => {
    ({ project } = await sharedStack(run));
  });

  it.each([
    "/api/v1/regions/alpha%2f..%2fbeta/whoami",
    "/api/v1/regions/alpha/../beta/whoami",
    "/api/v1/regions/alpha/%2e%2e/beta/whoami",
    "/api/v1/regions/alpha/..%2f..%2f..%2fmetrics",
    "/api/v1/regions/alpha/../../../metrics",
    "/api/v1/regions/alpha//whoami",
    "//api/v1/regions/alpha/whoami",
    "/api/v1/regions/alpha\\..\\beta/whoami",
    "/api/v1/regions/alpha%5c..%5cbeta/whoami",
    "/api/v1/regions/alpha/./whoami",
    "/api/v1/regions/alpha/whoami%00",
    "/admin/..%2fapi/v1/whoami",
    "/admin/../api/v1/whoami",
    "/ws/../api/v1/whoami",
  ])("refuses %s", async (path) => {
    const text = await rawAsk(project.url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    // Whatever it is, it did not come from a server.
    expect(text).not.toMatch(/"(service|region)"/);
  });

  it.each(["%0d%0aX-Region-Name:%20beta", "%0d%0aHost:%20evil%0d%0a%0d%0aGET%20/metrics%20HTTP/1.1"])(
    "lets no encoded line break add a header (%s)",
    async (attack) => {
      for (const prefix of [
        "/api/v1/regions/alpha/whoami",
        "/api/v1/whoami",
        "/admin/",
        "/ws/regions/alpha/connect",
      ]) {
        const text = await rawAsk(
          project.url,
          `GET ${prefix}${attack} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        );
        expect(text.match(/HTTP\/1\.1 \d/g), prefix).toHaveLength(1);
        expect(text, prefix).not.toContain('"region":"beta"');
        expect(text, prefix).not.toContain("# TYPE");
      }
    },
  );

  it("does not let a region's name reach another host", async () => {
    for (const name of [
      "alpha-server:8080@evil",
      "alpha%23",
      "alpha%3f",
      "alpha:5432",
      "beta-server.alpha",
    ]) {
      const text = await rawAsk(
        project.url,
        `GET /api/v1/regions/${name}/whoami HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect(text, name).toMatch(/^HTTP\/1\.1 404 /);
    }
  });

  it("refuses two lengths of a body", async () => {
    const smuggled = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const text = await rawAsk(
      project.url,
      `POST /api/v1/regions/alpha/sectors/1/visits HTTP/1.1\r\nHost: x\r\nContent-Length: ${smuggled.length}\r\n` +
        `Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    expect(text).not.toContain("# TYPE");
    expect(text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it("answers a body over 50 MB with a JSON 413", async () => {
    const text = await rawAsk(
      project.url,
      `PUT /api/v1/regions/alpha/assets/big HTTP/1.1\r\nHost: x\r\nContent-Length: ${51 * 2 ** 20}\r\nConnection: close\r\n\r\n`,
      /too_large/,
    );
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toContain('"error":"too_large"');
  });
});
