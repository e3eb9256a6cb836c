import { describe, expect, it } from "vitest";
import { imageProblems } from "../../../images/choice";

const OWN = {
  gameServer: { ref: "registry.example/game:1.4.2" },
  playerClient: { ref: "registry.example/player:1.4.2" },
  adminUi: { ref: "registry.example/admin:1.4.2" },
};

describe("a stack's choice of images", () => {
  it("must name the operator's own, all that are missing in one problem", () => {
    const [problem, ...more] = imageProblems({
      imageOverrides: { adminUi: OWN.adminUi },
      diskLimit: "accept",
    });
    expect(more).toEqual([]);
    expect(problem?.path).toEqual(["imageOverrides"]);
    expect(problem?.message).toContain("no image is given for gameServer, playerClient.");
    expect(imageProblems({})[0]?.message).toContain("gameServer, playerClient, adminUi, disk.");
  });

  it.each([
    ["by default, as in production", {}, true],
    ["elsewhere", { environment: "staging" }, false],
    ["elsewhere where it is asked for", { environment: "staging", diskLimit: "require" }, true],
    ["in production where it is waived", { environment: "production", diskLimit: "accept" }, false],
  ])("must name the one that keeps disk limits %s: %j %j", (_, settings, must) => {
    const problems = imageProblems({ ...settings, images: "registry", imageOverrides: OWN });
    expect(problems.map(({ message }) => message)).toEqual(
      must ? [expect.stringMatching(/no image is given for disk\..*nexus:diskLimit: accept/)] : [],
    );
    const all = { ...OWN, disk: { ref: "disk:1" } };
    expect(imageProblems({ ...settings, imageOverrides: all })).toEqual([]);
  });

  it("is complete with the local ones, and is no problem of its own where what is written has another form", () => {
    expect(imageProblems({ images: "local", diskLimit: "require" })).toEqual([]);
    expect(imageProblems({ images: "both" })).toEqual([]);
    expect(imageProblems({ imageOverrides: "none" })).toEqual([]);
  });
});
