import { afterEach, beforeAll, expect, it } from "vitest";
import { nexusBudget } from "../../catalog/nexusBudget";
import { PORT } from "../../components/gateway/config";
import { type Container, containerOf } from "../support/containers";
import { Flood } from "../support/flood";
import { ask } from "../support/http";
import { strainOf } from "../support/kernel";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

/** Uploads, and readers. */
const EACH = 200;
const BYTES = 512 * 1024;
/** Readers that are opened at once; each waits for its first bytes. */
const LANES = 5;
const BEYOND = 20;
const OTHERS = ["/", "/admin/", "/api/v1/status", "/api/v1/regions/beta/status"];
const FLOODED = "/api/v1/regions/alpha";

engineSuite("a flood at the gateway", (run) => {
  let project: Project;
  let gateway: Container;
  let flood: Flood | undefined;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    gateway = await containerOf(project, "nginx-gateway");
  });
  afterEach(async () => {
    flood?.stop();
    await eventually("the flooded region answers again", async () =>
      (await ask(project.url, `${FLOODED}/status`)).status === 200 ? true : undefined,
    );
  });

  /** Past the Engine's own proxy for loopback, which would hold for a slow client what the gateway must hold. */
  function startFlood(): Flood {
    const network = gateway.info.NetworkSettings.Networks[`${project.prefix}nexus`];
    flood = new Flood(network?.IPAddress ?? "", PORT);
    return flood;
  }

  async function expectOthersServed(): Promise<void> {
    const headers = { "X-Forwarded-For": "198.51.100.7" };
    const answers = await Promise.all(OTHERS.map((path) => ask(project.url, path, { headers })));
    expect(answers.map(({ status }, index) => `${OTHERS[index]} ${status}`)).toEqual(
      OTHERS.map((path) => `${path} 200`),
    );
  }

  it("of slow uploads and slow readers, each from an address of its own, costs nobody else an answer", async () => {
    const asset = `${FLOODED}/assets/large.bin`;
    const headers = { "Content-Type": "application/octet-stream" };
    const put = await ask(project.url, asset, { method: "PUT", body: Buffer.alloc(BYTES), headers });
    expect(put.status).toBe(201);
    const before = await strainOf(gateway.id);

    const running = startFlood();
    const clients = Array.from({ length: EACH }, (_, index) => index);
    for (const index of clients) {
      // Half say how long they are, and are refused by the server at once; the others are only found out on the way.
      void running.upload(`${FLOODED}/assets/slow.bin`, `10.1.0.${index}`, BYTES, index % 2 === 0);
    }
    const openReaders = async (): Promise<void> => {
      for (let index = clients.pop(); index !== undefined; index = clients.pop()) {
        const client = `10.2.0.${index}`;
        // What the flooded region's own server can take is its own matter, and it says so; then once more.
        await eventually("a reader has its first bytes", async () =>
          (await running.reader(asset, client)) === 200 ? true : undefined,
        );
      }
    };
    const readers = Promise.all(Array.from({ length: LANES }, openReaders));
    while (clients.length > 0) await expectOthersServed();
    await readers;
    await expectOthersServed();

    // The kernel killed none of its processes, and nobody restarted it.
    expect(await strainOf(gateway.id)).toEqual(before);
    const now = await containerOf(project, gateway.name);
    expect([now.id, now.startedAt]).toEqual([gateway.id, gateway.startedAt]);
  });

  it("from one address takes the half that one client may have", async () => {
    const { requestsPerClient } = nexusBudget("laptop").gateway;
    const running = startFlood();
    let refused = 0;
    for (let index = 0; index < requestsPerClient + BEYOND; index++) {
      const status = running.upload(`${FLOODED}/assets/slow.bin`, "10.3.0.1", 0, false);
      void status.then((code) => {
        if (code === 429) refused++;
      });
    }
    await eventually("the rest is refused", () => refused === BEYOND || undefined);
    await expectOthersServed();
  });
});
