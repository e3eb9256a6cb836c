import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { parseLook } from "../../../../components/dataRoot";
import { type RootQuestion, rootProblems } from "../../../../operations/deploy/preflight/dataRoot";
import { presentImage } from "../../../../operations/docker/presentImage";
import { removeLocalImages } from "../../../../operations/docker/removeData";
import { type EngineVolume, volumesBelow } from "../../../../operations/docker/volumes";
import { platformOf } from "../../../support/platform";

const VOLUMES = [
  { name: "region-aurora-db-data", folder: "/srv/nexus/aurora/db" },
  { name: "central-nexus-db-data", folder: "/srv/nexus/central-nexus/db" },
  { name: "region-aurora-db-config" },
  { name: "somebody-elses" },
];

describe("the volumes of a data root", () => {
  const names = (more: { name: string; folder?: string }[] = []) =>
    volumesBelow([...VOLUMES, ...more], "/srv/nexus").map(({ name }) => name);

  it("are those that lead into it, whatever they are called and whatever the files name", () => {
    expect(names()).toEqual(["region-aurora-db-data", "central-nexus-db-data"]);
    expect(names([{ name: "prometheus-data", folder: "/srv/nexus/central-nexus/prometheus" }])).toContain(
      "prometheus-data",
    );
    expect(names([{ name: "region-gone-db-data", folder: "/srv/nexus/gone/db" }])).toHaveLength(3);
  });

  it("are not those of another root, even where its name begins alike", () => {
    expect(names([{ name: "region-x-db-data", folder: "/srv/nexus-2/x/db" }])).toHaveLength(2);
  });
});

describe("the local images", () => {
  const NAMES = ["nexus-local/redis:1", "nexus-local/disk:1"];

  /** An Engine with these volumes, to which Docker gives no labels, and whose images go when they are asked to. */
  function engineWith(volumes: EngineVolume[]): { docker: Docker; removed: string[] } {
    const removed: string[] = [];
    const docker = {
      listImages: async () => [...NAMES, "postgres:15"].map((name) => ({ RepoTags: [name] })),
      listVolumes: async (how?: { filters?: { label?: string[] } }) => ({
        Volumes: how?.filters?.label
          ? []
          : volumes.map(({ name, folder }) => ({ Name: name, Labels: {}, Options: { device: folder } })),
      }),
      listContainers: async () => [],
      getImage: (name: string) => ({ remove: async () => void removed.push(name) }),
    };
    return { docker: docker as unknown as Docker, removed };
  }

  it("go with the last stack on the host, and nobody else's do", async () => {
    const { docker, removed } = engineWith([{ name: "somebody-elses", folder: "/srv/aurora/db" }]);
    expect(await removeLocalImages(docker)).toEqual([]);
    expect(removed).toEqual(NAMES);
  });

  it.each([
    { name: "other-region-aurora-db-data", folder: "/srv/other/aurora/db" },
    { name: "redis-nexus-data", folder: "/srv/nexus/central-nexus/redis" },
  ])("stay while another stack has data there, also when it is down: $name", async (volume) => {
    const { docker, removed } = engineWith([volume]);
    expect(await removeLocalImages(docker)).toEqual(NAMES);
    expect(removed).toEqual([]);
  });
});

describe("an image to look at data with", () => {
  const platform = platformOf([]);
  const answering = (error: object) =>
    ({ getImage: () => ({ inspect: () => Promise.reject(error) }) }) as unknown as Docker;

  it("is none where the host has none", async () => {
    const docker = answering(Object.assign(new Error("No such image"), { statusCode: 404 }));
    expect(await presentImage(docker, platform)).toBeUndefined();
  });

  it("is not missing because the host did not answer", async () => {
    const gone = presentImage(answering(new Error("ssh: connection reset")), platform);
    await expect(gone).rejects.toThrow("connection reset");
  });
});

describe("a data root", () => {
  const QUESTION: RootQuestion = {
    dataRoot: "/srv/nexus",
    namePrefix: "",
    stackId: "id-1",
    owner: { id: "id-1", name: "dev of project nexus" },
    volumes: VOLUMES,
  };

  it("is the stack's that is written down in it, whoever's volumes lead there", () => {
    const volumes = [...VOLUMES, { name: "old-region-aurora-db-data", folder: "/srv/nexus/aurora/db" }];
    expect(rootProblems({ ...QUESTION, volumes })).toEqual([]);
  });

  it.each(["id-2", undefined])(
    "is refused to another stack (%s), in one sentence with whose it is",
    (stackId) => {
      expect(rootProblems({ ...QUESTION, stackId })).toEqual([
        {
          setting: "nexus:dataRoot",
          message:
            "/srv/nexus is the data root of another stack, dev of project nexus. Give this stack a nexus:dataRoot of its " +
            "own. If that stack is gone and this one shall have its data, remove /srv/nexus/.stack on the Docker host.",
        },
      ]);
    },
  );

  it("of an earlier version is the stack's whose volumes lead there", () => {
    const unwritten = { ...QUESTION, owner: undefined };
    expect(rootProblems({ ...unwritten, volumes: [] })).toEqual([]);
    expect(rootProblems(unwritten)).toEqual([]);
    const removed = { name: "region-gone-storage-data", folder: "/srv/nexus/gone/storage" };
    expect(rootProblems({ ...unwritten, volumes: [...VOLUMES, removed] })).toEqual([]);
  });

  it.each([
    ["t-region-aurora-db-data", "/srv/nexus/aurora/db"],
    ["region-aurora-db-data", "/srv/nexus/borealis/db"],
    ["prometheus-data", "/srv/nexus/central-nexus/prometheus"],
  ])("of an earlier version that %s leads into is refused", (name, folder) => {
    const [problem] = rootProblems({ ...QUESTION, owner: undefined, volumes: [{ name, folder }] });
    expect(problem?.message).toContain(`did not make lead into /srv/nexus: ${name}.`);
  });
});

describe("what the job prints of a data root", () => {
  it("is its owner, its regions, and each folder as it is", () => {
    const printed = [
      "owner\tid-1\tdev of project nexus",
      "region\taurora",
      "region\taurora\t10000000000",
      "region\tgone",
      "folder\t/srv/nexus/aurora/db\t70:70\t1777\t",
      "postgres\t/srv/nexus/aurora/db\t15",
      "folder\t/srv/nexus/aurora/cache\t999:1000\t700\tappendonlydir/\u001b[2Jx",
      "rdb\t/srv/nexus/aurora/cache\tREDIS0010",
      "rdb\t/srv/nexus/aurora/cache\tREDIS0011",
      "rdb\t/srv/nexus/aurora/cache\tgarbage",
    ].join("\r\n");
    expect(parseLook(printed)).toEqual({
      owner: { id: "id-1", name: "dev of project nexus" },
      regions: ["aurora", "gone"],
      disks: new Map([["aurora", { sizeBytes: 10e9 }]]),
      folders: new Map([
        ["/srv/nexus/aurora/db", { user: "70:70", mode: "1777", postgres: "15" }],
        [
          "/srv/nexus/aurora/cache",
          { user: "999:1000", mode: "700", open: "appendonlydir/?[2Jx", rdb: "0011" },
        ],
      ]),
    });
  });

  it("is refused where it cannot be read", () => {
    expect(() => parseLook("sh: find: not found")).toThrow(/cannot be read: sh: find/);
  });
});
