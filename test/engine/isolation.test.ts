import { beforeAll, expect, it } from "vitest";
import { type Container, containersOf, docker, NEXUS } from "../support/containers";
import { probeFrom, type Result, type Target } from "../support/probe";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

/** Where each role serves. A worker serves nothing: whatever answers there would be wrong. */
const PORTS: Record<string, number> = {
  db: 5432,
  redis: 6379,
  cache: 6379,
  server: 8080,
  worker: 8080,
  storage: 8080,
  gateway: 8080,
  adminUi: 3000,
  playerClient: 3000,
  blackboxExporter: 9115,
};

/** How a connection was tried: to an address on one of the target's networks, or to a name. */
interface Attempt extends Target {
  from: Container;
  to: Container;
  /** The network of the address; for a name, undefined. */
  network?: string;
}

engineSuite("isolation", (run) => {
  let project: Project;
  let containers: Container[];
  let attempts: Attempt[];
  let results: Result[];

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    containers = [...(await containersOf(project)).values()];
    attempts = containers.flatMap((from) =>
      containers.filter((to) => to.region !== from.region).flatMap((to) => attemptsFrom(from, to)),
    );
    results = await tryAll(attempts);
  });

  /** By every address that the target has, by its name and by its alias. */
  function attemptsFrom(from: Container, to: Container): Attempt[] {
    const port = PORTS[to.role] ?? 0;
    // The keeper of the disks has no network, so it has names at most.
    const addresses = Object.entries(to.info.NetworkSettings.Networks)
      .filter(([, { IPAddress }]) => IPAddress !== "")
      .map(([network, { IPAddress }]) => ({
        host: IPAddress,
        network: network.slice(project.prefix.length),
      }));
    const names = [to.name, project.prefix + to.name].map((host) => ({ host }));
    return [...addresses, ...names].map((place) => ({ from, to, port, ...place }));
  }

  async function tryAll(all: Attempt[]): Promise<Result[]> {
    const outcome = new Map<Attempt, Result>();
    const image = containers.find(({ role }) => role === "server")?.info.Image ?? "";
    const sources = [...new Set(all.map(({ from }) => from))];
    await Promise.all(
      sources.map(async (from) => {
        const own = all.filter((attempt) => attempt.from === from);
        const targets = own.map(({ host, port }) => ({ host, port }));
        const name = `${project.prefix}probe`;
        const answers = await probeFrom({ id: from.id, name, image }, targets);
        for (const [index, attempt] of own.entries()) outcome.set(attempt, answers[index] ?? "error");
      }),
    );
    return all.map((attempt) => outcome.get(attempt) ?? "error");
  }

  /** The network on which the specification lets regions meet each other and the Nexus. */
  const meetsOnRegional = ({ role }: Container): boolean => role === "server" || role === "gateway";

  /** The whole list of what may connect across regions and the Nexus. */
  function isAllowed({ from, to, network }: Attempt): boolean {
    if (!meetsOnRegional(from) || !meetsOnRegional(to)) return false;
    // A name leads to the network that both are on.
    return network === "regional" || network === undefined;
  }

  const show = (attempt: Attempt, result: Result | undefined): string =>
    `${attempt.from.name} -> ${attempt.to.name} (${attempt.host}:${attempt.port}): ${result}`;

  it("tried every pair of containers that are not of the same region or the Nexus", () => {
    // From each of 5 to the 13 others, twice; from each of the 8 of the Nexus to 10.
    const pairs = new Set(attempts.map(({ from, to }) => `${from.name} ${to.name}`));
    expect(pairs.size).toBe(2 * 5 * 13 + 8 * 10);
    // Each by two names and at least one address; the keeper of the disks, from the 10 of the regions, has none.
    expect(attempts.length).toBeGreaterThanOrEqual(pairs.size * 3 - 10);
  });

  it("lets nothing through but what the specification allows", () => {
    const through = attempts.flatMap((attempt, index) => {
      const reached =
        results[index] === "connected" || results[index] === "refused" || results[index] === "error";
      return reached && !isAllowed(attempt) ? [show(attempt, results[index])] : [];
    });
    expect(through).toEqual([]);
  });

  it("lets what it allows through: servers to each other and to the Nexus, the gateway to all of them", () => {
    const blocked = attempts.flatMap((attempt, index) =>
      isAllowed(attempt) && results[index] !== "connected" ? [show(attempt, results[index])] : [],
    );
    expect(blocked).toEqual([]);
    const allowed = new Set(
      attempts
        .filter(isAllowed)
        .map(({ from, to }) => `${from.role}@${area(from)} -> ${to.role}@${area(to)}`),
    );
    expect([...allowed].sort()).toEqual([
      "gateway@nexus -> server@region",
      "server@nexus -> server@region",
      "server@region -> gateway@nexus",
      "server@region -> server@nexus",
      "server@region -> server@region",
    ]);
  });

  it("lets the containers of one region reach each other's services", async () => {
    const own = containers.filter(({ region }) => region === "alpha");
    const pairs = own.flatMap((from) =>
      own
        .filter((to) => to !== from && to.role !== "worker")
        .map((to) => ({ from, to, host: to.name, port: PORTS[to.role] ?? 0 })),
    );
    const answers = await tryAll(pairs);
    expect(
      pairs.flatMap((pair, index) => (answers[index] === "connected" ? [] : [show(pair, answers[index])])),
    ).toEqual([]);
  });

  it("puts a region's database, cache, worker and storage on an internal network only", async () => {
    const inner = containers.filter(({ region, role }) => region !== NEXUS && role !== "server");
    expect(inner).toHaveLength(8);
    for (const { name, info } of inner) {
      const networks = Object.values(info.NetworkSettings.Networks).map(({ NetworkID }) => NetworkID);
      const internal = await Promise.all(networks.map((id) => docker.getNetwork(id).inspect()));
      expect(
        internal.map(({ Internal }) => Internal),
        name,
      ).toEqual([true]);
    }
  });

  const area = ({ region }: Container): string => (region === NEXUS ? "nexus" : "region");
});
