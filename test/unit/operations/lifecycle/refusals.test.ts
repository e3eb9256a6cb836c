import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../../config/problems";
import { Failure } from "../../../../operations/failure";
import { addRegion } from "../../../../operations/lifecycle/add";
import { scaleRegion } from "../../../../operations/lifecycle/scale";
import { contents, file, folderOf, project } from "./project";

/** The lines of a refusal, which changed nothing. */
async function refusalOf(cwd: string, work: () => Promise<unknown>): Promise<string[]> {
  const before = contents(cwd);
  const error: unknown = await work().catch((thrown: unknown) => thrown);
  expect(contents(cwd)).toEqual(before);
  if (error instanceof Failure || error instanceof ConfigError) return error.message.split("\n");
  throw new Error(`it was not refused: ${error}`);
}

const OWNER = { owner: "player-9" };

describe("too many players for the memory", () => {
  it("is said of the options of `add`, not of a file that was never written", async () => {
    const cwd = project({});
    const options = { ...OWNER, memory: "2GB", players: "1000" };
    expect(await refusalOf(cwd, () => addRegion(folderOf(cwd), "celeste", options))).toEqual([
      "--players: 1000 with 2GB of memory was given; allowed is at least 11.2GB of memory for 1000 players. " +
        "Give --memory 11.2GB, or fewer --players.",
      "Nothing was changed.",
    ]);
  });

  it("is said of the option of `scale` that was given, and takes the other value from the file", async () => {
    const text = file("aurora", 1, "players: 1000\n").replace("2GB", "8GB");
    const cwd = project({ aurora: text });
    const [first] = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), "aurora", { memory: "2GB" }));
    expect(first).toMatch(/^--memory: 1000 with 2GB of memory was given; .* Give --memory 11.2GB/);
    const small = project({ aurora: file("aurora", 1) });
    const [players] = await refusalOf(small, () =>
      scaleRegion(folderOf(small), "aurora", { players: "1000" }),
    );
    expect(players).toMatch(/^--players: 1000 with 2GB/);
  });
});

describe("a host that is too small", () => {
  const settings = `config:
  nexus:images: local
  nexus:profile: laptop
  nexus:host:
    cpu: 8
    memory: 10GB
    disk: 100GB
`;

  it("is said of each option that asks for more than is left, with what is left", async () => {
    const cwd = project({ aurora: file("aurora", 1) }, settings);
    const options = { ...OWNER, cpu: "1", memory: "8GB" };
    const lines = await refusalOf(cwd, () => addRegion(folderOf(cwd), "celeste", options));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /^--memory: "8GB" was given; allowed is at most what the host has left for celeste, 4\.\d+GB\. Give less/,
    );
    expect(lines[1]).toMatch(/^Pulumi\.dev\.yaml:\d+:\d+: nexus:host\.memory: memory: 2 regions/);
    expect(lines[2]).toBe("Nothing was changed.");
  });

  it("says of a default that it is one, and when not even the smallest region fits", async () => {
    const cwd = project({ aurora: file("aurora", 1).replace("2GB", "6GB") }, settings);
    const [first] = await refusalOf(cwd, () => addRegion(folderOf(cwd), "celeste", { ...OWNER, cpu: "1" }));
    expect(first).toMatch(
      /^--memory: "4GB" \(the default\) was given; .*, 0\.\d+GB\. The smallest region takes 2GB\.$/,
    );
  });

  it("is not said of an option that has nothing to do with it", async () => {
    const cwd = project({ aurora: file("aurora", 1).replace("2GB", "16GB") }, settings);
    const lines = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), "aurora", { disk: "20GB" }));
    expect(lines[0]).toBe("1 problem in the configuration; nothing was changed.");
    expect(lines[1]).toContain("nexus:host.memory");
    const [first] = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), "aurora", { memory: "12GB" }));
    expect(first).toMatch(/^--memory: "12GB" was given; .* left for aurora, 6\.\d+GB/);
  });
});

describe("a region file that is wrong", () => {
  it("keeps its slot: `add` neither takes nor proposes it, and names what is wrong", async () => {
    const broken = file("celeste", 2, "colour: red\n");
    const cwd = project({ aurora: file("aurora", 1), celeste: broken });
    expect(await refusalOf(cwd, () => addRegion(folderOf(cwd), "nova", OWNER))).toEqual([
      "1 problem in the configuration; nothing was changed.",
      expect.stringMatching(/^regions\/dev\/celeste\.yaml:8:1: colour: an unknown key/),
    ]);
    expect(await refusalOf(cwd, () => addRegion(folderOf(cwd), "nova", { ...OWNER, slot: "2" }))).toEqual([
      "--slot: 2 is taken by regions/dev/celeste.yaml. The lowest free slot is 3.",
      "Nothing was changed.",
    ]);
  });

  it("keeps its name, whatever the file is called", async () => {
    const cwd = project({ other: file("nova", 1) });
    expect((await refusalOf(cwd, () => addRegion(folderOf(cwd), "nova", OWNER)))[0]).toBe(
      'NAME: "nova" is taken by regions/dev/other.yaml. Choose another name.',
    );
  });

  it("is told with the lines that it has, not with those that it would have", async () => {
    const text = "name: aurora\nslot: 1\nowner: player-1\ncolour: red\n";
    const cwd = project({ aurora: text });
    const [, problem] = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), "aurora", { cpu: "4" }));
    expect(problem).toMatch(/^regions\/dev\/aurora\.yaml:4:1: colour: /);
  });
});
