import { describe, expect, it } from "vitest";
import { type DataQuestion, keptData } from "../../../cli/data/plan";

const QUESTION: DataQuestion = {
  dataRoot: "/srv/nexus",
  namePrefix: "",
  regions: ["aurora"],
  deployment: {},
  volumes: [
    { name: "region-aurora-db-data", folder: "/srv/nexus/aurora/db" },
    { name: "central-nexus-db-data", folder: "/srv/nexus/central-nexus/db" },
    { name: "region-aurora-db-config" },
    { name: "somebody-elses" },
  ],
};

describe("keptData", () => {
  it("finds the stack's volumes and folders", () => {
    expect(keptData(QUESTION)).toEqual({
      volumes: ["central-nexus-db-data", "region-aurora-db-data"],
      folders: ["aurora", "central-nexus"],
      foreign: [],
    });
  });

  it("finds the data of a region that is no longer in the files", () => {
    const volumes = [...QUESTION.volumes, { name: "region-gone-db-data", folder: "/srv/nexus/gone/db" }];
    expect(keptData({ ...QUESTION, volumes }).folders).toContain("gone");
  });

  it("leaves what a stack with another prefix keeps in the same data root", () => {
    const volumes = [
      ...QUESTION.volumes,
      { name: "test-region-aurora-db-data", folder: "/srv/nexus/aurora/db" },
    ];
    const kept = keptData({ ...QUESTION, volumes });
    expect(kept.folders).toEqual(["central-nexus"]);
    expect(kept.foreign).toEqual(["aurora"]);
    expect(kept.volumes).not.toContain("test-region-aurora-db-data");
  });

  it("leaves what lies in another data root, even where its name begins alike", () => {
    const volumes = [{ name: "region-x-db-data", folder: "/srv/nexus-2/x/db" }];
    expect(keptData({ ...QUESTION, volumes })).toMatchObject({ volumes: [], foreign: [] });
  });

  it("takes a volume that the state names, whatever its name", () => {
    const deployment = {
      resources: [{ urn: "u", type: "docker:index/volume:Volume", id: "somebody-elses" }],
    };
    expect(keptData({ ...QUESTION, deployment }).volumes).toContain("somebody-elses");
  });
});
