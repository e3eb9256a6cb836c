import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { regionBudget } from "../../../../catalog/regionBudget";
import { planLimits } from "../../../../operations/verify/limits";
import { notes } from "../../../../operations/verify/notes";
import { regionAddresses } from "../../../../regions/addresses";
import { RANGES, region } from "../../../support/platform";
import { changed, DB, DECLARED, drift, expectedOf, perfect, short, withContainer } from "./fixtures";

describe("a host that is as declared", () => {
  it("has no drift, whatever the platform", () => {
    const platform = fc
      .uniqueArray(
        fc.record({
          slot: fc.integer({ min: 1, max: 255 }),
          cpuMillis: fc.integer({ min: 100, max: 800 }).map((value) => value * 10),
          memoryBytes: fc.integer({ min: 2_000_000_000, max: 16_000_000_000 }),
          diskBytes: fc.integer({ min: 10_000_000_000, max: 100_000_000_000 }),
          players: fc.integer({ min: 10, max: 1000 }),
          hasWorker: fc.boolean(),
        }),
        { maxLength: 6, selector: ({ slot }) => slot },
      )
      .map((regions) =>
        regions.map(({ slot, players, hasWorker, ...resources }) =>
          region(`region-${slot}`, slot, {
            resources,
            players,
            budget: regionBudget(resources, players, { hasWorker }),
            addresses: regionAddresses(slot, RANGES),
          }),
        ),
      );
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
    const publish = fc.record({
      nexusServer: port,
      nexusDb: port,
      redis: port,
      playerClient: port,
      adminUi: port,
      blackboxExporter: port,
    });
    fc.assert(
      fc.property(platform, publish, (regions, published) => {
        const declared = expectedOf(regions, { publish: published });
        const observed = perfect(declared);
        expect(drift(observed, declared)).toEqual([]);
        expect(planLimits(declared.containers, observed.containers)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("and any container that is taken away is named", () => {
    for (const { name, region, isOptional } of DECLARED.containers) {
      if (isOptional) continue;
      const observed = perfect(DECLARED);
      const containers = observed.containers.filter((one) => one.name !== name);
      expect(short(drift({ ...observed, containers }))).toEqual([
        `${region}|${name}|container|running|missing`,
      ]);
    }
  });
});

describe("state", () => {
  it.each([
    ["exited", "npm run up -- --stack test"],
    ["created", "npm run up -- --stack test"],
    ["dead", "npm run up -- --stack test"],
    ["paused", `docker unpause ${DB}`],
    ["restarting", `docker logs ${DB} says why it ends`],
  ])("%s is drift", (state, remedy) => {
    const found = drift(withContainer(perfect(DECLARED), DB, () => ({ state })));
    expect(found).toMatchObject([{ what: "state", declared: "running", enforced: state, remedy }]);
  });

  it("unhealthy is drift, starting a note", () => {
    expect(changed(DB, () => ({ health: "unhealthy" }))).toEqual([`aurora|${DB}|state|healthy|unhealthy`]);
    const starting = withContainer(perfect(DECLARED), DB, () => ({
      health: "starting",
      restarts: 2,
      kills: 1,
    }));
    expect(drift(starting)).toEqual([]);
    expect(
      notes(DECLARED, starting)
        .filter(({ container }) => container === DB)
        .map(({ text }) => text),
    ).toEqual([
      "ended by itself and was restarted 2 times",
      "1 process killed at the memory limit since its start",
      "is not healthy yet: it has just started",
    ]);
  });
});

describe("volumes", () => {
  it("that are missing or lead elsewhere", () => {
    const observed = perfect(DECLARED);
    const volumes = observed.volumes.flatMap((one) => {
      if (one.name === `${DB}-config`) return [];
      return one.name === `${DB}-data` ? [{ ...one, folder: "/elsewhere" }] : [one];
    });
    expect(short(drift({ ...observed, volumes }))).toEqual([
      `aurora||volume ${DB}-config|kept by Docker|missing`,
      `aurora||volume ${DB}-data|/data/aurora/db|/elsewhere`,
    ]);
  });
});

describe("regions", () => {
  it("one that is not there at all is one difference", () => {
    const observed = perfect(DECLARED);
    const left = <T extends { name: string }>(list: T[]): T[] =>
      list.filter(({ name }) => !/borealis/.test(name));
    const without = {
      ...observed,
      containers: left(observed.containers),
      networks: left(observed.networks),
      volumes: left(observed.volumes),
    };
    expect(short(drift(without))).toEqual(["borealis||all containers|running|missing"]);
  });

  it("a container with the stack's label that no file declares is named once", () => {
    const observed = perfect(DECLARED);
    const [first] = observed.containers;
    if (!first) throw new Error("no container");
    const orphan = { ...first, name: "t-region-old-db", region: "old" };
    const found = drift({
      ...observed,
      containers: [...observed.containers, orphan],
      members: [...observed.members, { network: "t-regional", container: "t-region-old-db" }],
    });
    expect(short(found)).toEqual(["(no region)|t-region-old-db|container|none|running"]);
  });
});
