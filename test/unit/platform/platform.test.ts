import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { nexusBudget } from "../../../catalog/nexusBudget";
import { ConfigError, renderProblem } from "../../../config/problems";
import { GB, GIB } from "../../../config/units";
import { loadPlatform, type PlatformSource } from "../../../platform";
import { regionFile, tempFolder } from "../regions/tempFolder";

const PROJECT = resolve(__dirname, "../../..");

function problems(source: PlatformSource): string[] {
  try {
    loadPlatform(source);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(renderProblem);
    throw error;
  }
  throw new Error("no problem was found");
}

describe("the stacks of this repository", () => {
  it("dev: two regions of the smallest size on a laptop", () => {
    const { stack, settings, nexus, networks, regions } = loadPlatform({ projectDir: PROJECT, stack: "dev" });
    expect(stack).toBe("dev");
    expect(settings).toMatchObject({ images: "local", profile: "laptop", regionsDir: "regions/dev" });
    expect(nexus).toEqual(nexusBudget("laptop"));
    expect(networks.nexus.subnet).toBe(settings.networks.nexus);
    expect(regions.map(({ name, slot }) => [name, slot])).toEqual([
      ["aurora", 1],
      ["borealis", 2],
    ]);
    for (const { resources } of regions) {
      expect(resources).toEqual({ cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB });
    }
  });

  it("prod: samples of three sizes, one of them the largest, on the specification's host", () => {
    const { settings, regions } = loadPlatform({ projectDir: PROJECT, stack: "prod" });
    expect(settings).toMatchObject({
      images: "registry",
      profile: "specification",
      publish: {},
      environment: "production",
    });
    expect(settings.host).toMatchObject({ cpuMillis: 64_000, memoryBytes: 62 * GIB });
    expect(regions.map(({ resources }) => resources.cpuMillis).sort()).toEqual([2000, 4000, 8000]);
  });
});

describe("loadPlatform", () => {
  it.each([undefined, "", "config:\n", "encryptionsalt: v1:abc\n", "config:\n  docker:host: x\n"])(
    "takes every setting's default with the settings file %j, and only misses the operator's own images",
    (text) => {
      const projectDir = tempFolder({
        ...(text === undefined ? {} : { "Pulumi.x.yaml": text }),
        "regions/x/vega.yaml": regionFile("vega", 3),
      });
      expect(problems({ projectDir, stack: "x" })).toEqual([
        expect.stringMatching(
          text
            ? /^Pulumi\.x\.yaml:1:\d+: nexus:imageOverrides: no image/
            : /^Pulumi\.x\.yaml(:1:1)?: nexus:imageOverrides: no image/,
        ),
      ]);
    },
  );

  it("follows regionsDir, the networks and another settings file", () => {
    const projectDir = tempFolder({
      "other.yaml":
        "config:\n  nexus:images: local\n  nexus:regionsDir: data/r\n  nexus:networks: {regions: 10.7.0.0/16}\n",
      "data/r/vega.yaml": regionFile("vega", 3),
    });
    const { regions } = loadPlatform({ projectDir, stack: "x", settingsFile: "other.yaml" });
    expect(regions.map((region) => region.addresses.hosts.db)).toEqual(["10.7.3.11"]);
  });

  it("gives the problems of the settings and of all regions in one error", () => {
    const projectDir = tempFolder({
      "Pulumi.x.yaml": "config:\n  nexus:regionsDir: mine\n  nexus:profile: big\n  nexus:images: local\n",
      "mine/vega.yaml": regionFile("vega", 0),
      "mine/lyra.yaml": regionFile("lyra", 256),
    });
    expect(problems({ projectDir, stack: "x" }).map((line) => line.split(" ")[0])).toEqual([
      "Pulumi.x.yaml:3:18:",
      "mine/lyra.yaml:2:7:",
      "mine/vega.yaml:2:7:",
    ]);
  });

  it("says what is wrong with images together with all else, each with its place", () => {
    const projectDir = tempFolder({
      "Pulumi.x.yaml":
        "config:\n  nexus:profile: big\n  nexus:imageOverrides:\n    gameServer: {ref: game}\n    adminUi: {ref: a:1}\n    playerClient: {ref: p:1}\n  nexus:worker: run\n",
      "images/lock.json": "{",
      "regions/x/vega.yaml": regionFile("vega", 0),
    });
    expect(problems({ projectDir, stack: "x" }).map((line) => line.split(" ").slice(0, 2))).toEqual([
      ["Pulumi.x.yaml:2:18:", "nexus:profile:"],
      ["Pulumi.x.yaml:4:5:", "nexus:imageOverrides:"],
      ["Pulumi.x.yaml:4:23:", "nexus:imageOverrides.gameServer.ref:"],
      ["Pulumi.x.yaml:7:17:", "nexus:worker:"],
      ["images/lock.json:", "is"],
      ["regions/x/vega.yaml:2:7:", "slot:"],
    ]);
  });

  it("also reads the regions when the settings file is not YAML", () => {
    const projectDir = tempFolder({
      "Pulumi.x.yaml": "config: [",
      "regions/x/vega.yaml": regionFile("vega", 0),
    });
    expect(problems({ projectDir, stack: "x" })).toHaveLength(2);
  });

  it.each([
    [
      "config: text\n",
      'Pulumi.x.yaml:1:9: config: "text" was given; allowed is a map of settings. Write one setting a line, such as nexus:profile: laptop.',
    ],
    [
      "- config\n",
      'Pulumi.x.yaml:1:1: a list was given; allowed is a map with the key "config". Write the settings below config:.',
    ],
    [
      "confg:\n  nexus:profile: laptop\n",
      'Pulumi.x.yaml:1:1: confg: an unknown key was given; allowed is the map "config". Did you mean "config"?',
    ],
    [
      "config:\n  nexus:profile: laptop\n  nexus:profile: laptop\n",
      'Pulumi.x.yaml:3:3: config.nexus:profile: the key "nexus:profile" a second time (first in line 2, column 3) was given; allowed is each key once. Remove one of the two.',
    ],
  ])("refuses the settings file %j", (text, message) => {
    const projectDir = tempFolder({ "Pulumi.x.yaml": text, "regions/x/README.md": "" });
    expect(problems({ projectDir, stack: "x" })).toEqual([message]);
  });

  it("reports a settings file that was asked for and a regions folder that do not exist", () => {
    const projectDir = tempFolder({});
    expect(problems({ projectDir, stack: "x", settingsFile: "none.yaml" })).toEqual([
      "none.yaml: does not exist, or is a link to a file that does not exist. Make the file or remove the link.",
      "regions/x: does not exist; needed is a folder with one file a region. Make it; it may be empty.",
    ]);
  });

  it.each(["", "../dev", "a/b", ".hidden", "a b"])("refuses the stack name %j", (stack) => {
    expect(() => loadPlatform({ projectDir: PROJECT, stack })).toThrow("was given as the stack's name");
  });
});
