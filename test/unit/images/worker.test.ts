import { describe, expect, it } from "vitest";
import type { ImageOverrides } from "../../../images/image";
import { resolveImages } from "../../../images/table";
import { hasWorker, workerProblems } from "../../../images/worker";

const CHECK = ["CMD", "/check"];
const OTHER = ["CMD", "/other"];
const GAME = { ref: "game:1", user: "5000:5000" };

describe("a region's worker", () => {
  // What the settings say, whether there is a worker, and what it runs.
  it.each<[string, "local" | "registry", ImageOverrides, object | undefined]>([
    ["the local stand-in is one", "local", {}, { health: ["CMD", "/app/healthcheck", "worker"] }],
    ["an own server without a test for one is none", "local", { gameServer: GAME }, undefined],
    ["the real server is none", "registry", { gameServer: GAME }, undefined],
    [
      "a server with a test for one is one",
      "registry",
      { gameServer: { ...GAME, workerHealth: CHECK } },
      { ref: "game:1", user: "5000:5000", health: CHECK },
    ],
    [
      "the same image with another command",
      "registry",
      { gameServer: GAME, worker: { command: ["work"], health: CHECK } },
      { ref: "game:1", user: "5000:5000", command: ["work"], health: CHECK },
    ],
    [
      "another command and the server's own test for it",
      "registry",
      { gameServer: { ...GAME, workerHealth: CHECK }, worker: { command: ["work"] } },
      { command: ["work"], health: CHECK },
    ],
    [
      "another image, which inherits no test",
      "registry",
      { gameServer: { ...GAME, workerHealth: CHECK }, worker: { ref: "jobs:2", health: OTHER } },
      { ref: "jobs:2", health: OTHER },
    ],
  ])("%s", (_what, images, imageOverrides, runs) => {
    const choice = { images, imageOverrides };
    expect(hasWorker(choice)).toBe(runs !== undefined);
    expect(workerProblems(choice)).toEqual([]);
    const { worker } = resolveImages(
      images,
      { ...imageOverrides, playerClient: { ref: "p:1" }, adminUi: { ref: "a:1" } },
      process.cwd(),
    );
    if (runs) expect(worker).toMatchObject(runs);
  });

  it("is none where the settings say so, whatever else they say", () => {
    const choice = { images: "local", imageOverrides: {}, worker: "none" } as const;
    expect(hasWorker(choice)).toBe(false);
    expect(workerProblems({ ...choice, imageOverrides: { worker: { ref: "jobs:2" } } })).toEqual([]);
  });

  it.each<[string, ImageOverrides, "run" | undefined, string]>([
    ["asked for", { gameServer: GAME }, "run", "worker"],
    [
      "with a command",
      { gameServer: GAME, worker: { command: ["work"] } },
      undefined,
      "imageOverrides.worker",
    ],
    [
      "of another image",
      { gameServer: { ...GAME, workerHealth: CHECK }, worker: { ref: "jobs:2" } },
      "run",
      "imageOverrides.worker",
    ],
  ])("is refused without a health test when it is %s", (_what, imageOverrides, worker, path) => {
    const [problem] = workerProblems({ images: "registry", imageOverrides, ...(worker && { worker }) });
    expect(problem?.path.join(".")).toBe(path);
    expect(problem?.message).toMatch(/without a health test was given.*worker: none/);
  });

  it.each([
    [{ images: "both", worker: "run" }],
    [{ imageOverrides: "none", worker: "run" }],
    [{ imageOverrides: null, worker: "maybe" }],
    [{ worker: null }],
    [{ imageOverrides: { worker: { ref: 7, health: "sh" } } }],
  ])("is no problem of its own where what is written has another form: %j", (written) => {
    expect(workerProblems(written)).toEqual([]);
  });
});

describe("what a start and a health test cost", () => {
  const needsOf = (overrides: ImageOverrides, source: "local" | "registry" = "registry") => {
    const pages = { playerClient: { ref: "p:1" }, adminUi: { ref: "a:1" } };
    const { gameServer, worker } = resolveImages(source, { ...pages, ...overrides }, process.cwd());
    return [gameServer.needs, worker.needs].map((needs) => [needs?.startCpuSeconds, needs?.healthCpuSeconds]);
  };

  it("is next to nothing for the stand-in", () => {
    expect(needsOf({}, "local")).toEqual([
      [1, 0.01],
      [1, 0.01],
    ]);
  });

  it("is what was measured of the real game, and the price of Python for a test that nobody described", () => {
    expect(needsOf({ gameServer: GAME })).toEqual([
      [20, 0.01],
      [20, 0.3],
    ]);
    expect(needsOf({ gameServer: { ...GAME, health: CHECK } }, "local")[0]).toEqual([20, 0.3]);
  });

  it("is what the settings say", () => {
    const costs = { startCpuSeconds: 7, healthCpuSeconds: 0.02 };
    expect(
      needsOf({
        gameServer: { ...GAME, health: CHECK, ...costs },
        worker: { health: CHECK, startCpuSeconds: 3, healthCpuSeconds: 0.05 },
      }),
    ).toEqual([
      [7, 0.02],
      [3, 0.05],
    ]);
  });
});
