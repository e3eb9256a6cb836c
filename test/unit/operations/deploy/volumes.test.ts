import { describe, expect, it } from "vitest";
import { type VolumeQuestion, volumeProblems } from "../../../../operations/deploy/preflight/volumes";

const DESIRED: VolumeQuestion["desired"] = [
  { region: "central-nexus", name: "t-redis-nexus-data", folder: "/srv/new/central-nexus/redis" },
  { region: "aurora", name: "t-region-aurora-db-data", folder: "/srv/new/aurora/db" },
  { region: "aurora", name: "t-region-aurora-db-config" },
];

function problems(found: VolumeQuestion["found"], hasSecrets = true, stack = "dev") {
  return volumeProblems({ stack, dataRoot: "/srv/new", desired: DESIRED, found, hasSecrets });
}

describe("volumes that are there already", () => {
  const own = DESIRED.map(({ name, folder }) => ({ name, folder }));

  it("are none before the first `up`, and may be gone later", () => {
    expect(problems([], false)).toEqual([]);
    expect(problems([])).toEqual([]);
    expect(problems([{ name: "somebody-else", folder: "/srv/old/aurora/db" }])).toEqual([]);
  });

  it("are this stack's when they lead to the folders of its settings, up or taken down", () => {
    expect(problems(own)).toEqual([]);
    expect(problems(own.slice(1))).toEqual([]);
  });

  it("stay bound to an old data root: one problem, with both ways out", () => {
    const old = own.map(({ name, folder }) => ({ name, folder: folder?.replace("/srv/new", "/srv/old") }));
    expect(problems(old, true, "prod")).toEqual([
      {
        setting: "nexus:dataRoot",
        message:
          "/srv/new was given; the data of this stack is in /srv/old, and its Docker volumes stay bound to that while they exist. " +
          "Set it back to /srv/old, or move the data: npm run destroy -- --stack prod; on the Docker host, umount the regions' disks " +
          "(/srv/old/REGION) and mv /srv/old /srv/new; docker volume rm t-redis-nexus-data t-region-aurora-db-data; npm run up -- --stack prod",
      },
    ]);
  });

  it("that were left out of a move are named alone", () => {
    const [problem, ...more] = problems([
      { name: "t-redis-nexus-data", folder: "/srv/new/central-nexus/redis" },
      { name: "t-region-aurora-db-data", folder: "/srv/old/aurora/db" },
    ]);
    expect(more).toEqual([]);
    expect(problem?.message).toContain("docker volume rm t-region-aurora-db-data; npm run up");
  });

  it.each([
    [undefined, "kept by Docker itself"],
    ["/srv/new/borealis/db", "bound to /srv/new/borealis/db"],
  ])("with something else in them (%s) are not taken for the stack's data", (folder, where) => {
    const [problem] = problems([{ name: "t-region-aurora-db-data", folder }]);
    expect(problem?.setting).toBeUndefined();
    expect(problem?.message).toBe(
      `the Docker volume t-region-aurora-db-data is there already and ${where}; this stack's data belongs into ` +
        "/srv/new/aurora/db. Copy what somebody needs of it, then: docker volume rm t-region-aurora-db-data",
    );
  });

  it("without the secrets that they were written with stop a first `up`, wherever they lead", () => {
    const found = problems([{ name: "t-region-aurora-db-data", folder: "/srv/old/aurora/db" }], false);
    expect(found).toHaveLength(1);
    for (const words of [
      "volumes t-region-aurora-db-data; /srv/old/aurora/db",
      "Bring the state back",
      "nexus:namePrefix",
      "npm run destroy -- --data",
      "docker volume rm t-region-aurora-db-data",
    ]) {
      expect(found[0]?.message).toContain(words);
    }
  });

  it("that hold rendered files alone are written again", () => {
    expect(problems([{ name: "t-region-aurora-db-config" }], false)).toEqual([]);
  });
});
