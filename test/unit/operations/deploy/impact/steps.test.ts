import { describe, expect, it } from "vitest";
import { NEXUS, REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../../../../catalog/names";
import { REPLACE_ON_CHANGES } from "../../../../../components/arguments";
import type { AreaImpact } from "../../../../../operations/deploy/impact/impact";
import { impactOf } from "../../../../../operations/deploy/impact/report";
import { type Step, stepsIn } from "../../../../../operations/deploy/impact/steps";
import { areaOf, areas } from "./recorded";

describe("what a step with a container means", () => {
  const labels = (ours: boolean): object[] => [
    { label: REGION_LABEL, value: "aurora" },
    { label: ROLE_LABEL, value: "db" },
    ...(ours ? [{ label: STACK_LABEL, value: "x" }] : []),
  ];
  const container = (changes: Partial<Step> & { ours?: boolean }): Step => {
    const { ours = true, ...rest } = changes;
    const state = { inputs: { labels: labels(ours) }, retainOnDelete: false, initErrors: false };
    return {
      kind: "update",
      urn: "urn:pulumi:s::p::docker:index/container:Container::db",
      type: "docker:index/container:Container",
      name: "db",
      old: state,
      new: state,
      changed: [],
      causes: [],
      ...rest,
    };
  };
  const impact = (changes: Parameters<typeof container>[0]): AreaImpact =>
    areaOf([container(changes)], "aurora");

  it.each(REPLACE_ON_CHANGES.filter((name) => !name.startsWith("#")))(
    "%s as an update would be reported and not done",
    (argument) => {
      expect(impact({ changed: [argument] }).pretended).toEqual([expect.stringContaining(`(${argument})`)]);
    },
  );

  it("cpuQuota is changed by our hook, and by nobody on a container that is not ours", () => {
    expect(impact({ changed: ["cpuQuota"] })).toMatchObject({
      inPlace: [{ container: "db", what: ["CPU"] }],
      pretended: [],
    });
    expect(impact({ changed: ["cpuQuota"], ours: false })).toMatchObject({
      inPlace: [],
      pretended: [expect.stringContaining("cpuQuota")],
    });
  });

  it("an argument without a row is never taken for done", () => {
    expect(impact({ changed: ["cpuShares"] }).pretended).toEqual([expect.stringContaining("cpuShares")]);
    expect(impact({ changed: ["toString"] }).pretended).toHaveLength(1);
  });

  it("what only the state knows is not worth a line", () => {
    expect(impactOf([container({ changed: ["destroyGraceSeconds", "waitTimeout"] })])).toEqual([]);
  });

  it.each([
    ["never got ready", ["id"], true, "it never got ready"],
    ["broke off", ["#initerror"], false, "its last start was not seen to its end"],
    ["somebody wants again", ["id"], false, "somebody asked for it"],
  ])("one whose start %s is recreated, and it says why", (_, keys, unready, why) => {
    const { urn, type } = container({});
    const initErrors = keys
      .filter((key) => key.startsWith("#"))
      .map(() => "1 error occurred: error inspecting container state");
    const old = { inputs: { labels: labels(true) }, initErrors };
    const metadata = { op: "replace", urn, type, old, new: old, keys };
    const [step] = stepsIn(JSON.stringify({ resourcePreEvent: { metadata } }), unready ? [urn] : []);
    expect(impact({ ...step }).restarts[0]?.why).toEqual([why]);
  });

  it("names both images", () => {
    const state = (image: string) => ({
      inputs: { labels: labels(true), image },
      retainOnDelete: false,
      initErrors: false,
    });
    const changes = { old: state("a:1"), new: state("a:2"), changed: ["image"], causes: ["image"] };
    expect(impact({ kind: "replace", ...changes }).restarts[0]?.why).toEqual(["image a:1 → a:2"]);
  });
});

describe("what a step with a volume means", () => {
  const volume = (kind: Step["kind"], name: string, before: object, retainOnDelete: boolean): Step => ({
    kind,
    urn: `urn:pulumi:s::p::docker:index/volume:Volume::${name}`,
    type: "docker:index/volume:Volume",
    name,
    old: { inputs: { name, ...before }, retainOnDelete, initErrors: false },
    changed: [],
    causes: [],
  });
  const bound = { driverOpts: { device: "/srv/nexus/aurora/db", o: "bind", type: "none" } };

  it("a volume that Docker keeps itself takes its data along", () => {
    expect(areaOf([volume("delete", "pg", {}, false)], NEXUS).losses).toEqual([
      expect.stringContaining("pg"),
    ]);
    expect(areaOf([volume("replace", "pg", {}, false)], NEXUS).losses).toHaveLength(1);
  });

  it("unless it is retained, is bound to a folder, or holds rendered files", () => {
    for (const step of [
      volume("delete", "pg", {}, true),
      volume("delete", "pg", bound, false),
      volume("delete", "pg-config", {}, false),
      volume("create", "pg", {}, false),
    ]) {
      expect(areas([step])[NEXUS]?.losses ?? []).toEqual([]);
    }
  });
});
