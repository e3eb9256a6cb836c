import { Readable } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { missingImages } from "../../../images/builder";
import { followProgress, imageIds } from "../../../images/progress";
import { removeImages } from "../../../images/prune";
import { LOCAL_IMAGE_NAMES, type LocalImageName, localRefs } from "../../../images/recipes";
import { report } from "../../../setup/problems";

const refs = localRefs(process.cwd());

function engineWith(names: readonly LocalImageName[]): Docker {
  return { listImages: async () => names.map((name) => ({ RepoTags: [refs[name]] })) } as unknown as Docker;
}

function without(...missing: LocalImageName[]) {
  return LOCAL_IMAGE_NAMES.filter((name) => !missing.includes(name));
}

describe("which images are missing", () => {
  it.each<[string, LocalImageName[], LocalImageName[]]>([
    ["nothing when all are there", [], []],
    ["no base that nothing has to be built from", ["base", "node"], []],
    ["the base of an image that is missing", ["base", "node", "redis"], ["base", "redis"]],
    ["both bases of the game server", ["base", "node", "game-server"], ["base", "node", "game-server"]],
    ["only the image when its base is there", ["admin-ui"], ["admin-ui"]],
  ])("%s", async (_, missing, expected) => {
    expect(await missingImages(engineWith(without(...missing)), process.cwd())).toEqual(expected);
  });

  it("cannot be said of an Engine that does not answer", async () => {
    const docker = {
      listImages: () => Promise.reject(new Error("connect ENOENT /x.sock")),
    } as unknown as Docker;
    await expect(missingImages(docker, process.cwd())).rejects.toThrow(
      "The Docker Engine did not list its images: connect ENOENT /x.sock",
    );
  });
});

describe("the Engine's build output", () => {
  const stream = (...messages: object[]) =>
    Readable.from(messages.map((message) => `${JSON.stringify(message)}\n`));

  it("fails with the last lines when a step fails", async () => {
    const output = stream(
      { stream: "Step 2/3 : RUN x\n" },
      { stream: "E: no such package\n" },
      { error: "code 100" },
    );
    const error = await followProgress(output, () => {}).catch((failure: unknown) => failure);
    expect(report(error)).toEqual({
      text: "code 100\n    Step 2/3 : RUN x\n    E: no such package",
      exitCode: 1,
    });
  });

  it("names the images that were made on the way", async () => {
    const ids: string[] = [];
    await followProgress(
      stream({ stream: " ---> 0123456789ab\n" }, { stream: "Successfully built\n" }),
      (text) => {
        ids.push(...imageIds(text));
      },
    );
    expect(ids).toEqual(["0123456789ab"]);
  });
});

describe("removing images", () => {
  const remover = (statusCode: number) =>
    ({ getImage: () => ({ remove: () => Promise.reject({ statusCode }) }) }) as unknown as Docker;

  it.each([404, 409])("passes over one that is gone or in use (%i)", async (code) => {
    expect(await removeImages(remover(code), ["a"])).toEqual([]);
  });

  it("does not hide other failures", async () => {
    await expect(removeImages(remover(500), ["a"])).rejects.toEqual({ statusCode: 500 });
  });
});
