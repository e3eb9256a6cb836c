import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requireAllowed } from "../../../../cli/impact/gate";
import { renderMarkdown, renderText } from "../../../../cli/impact/render";
import { type AreaImpact, impactOf } from "../../../../cli/impact/report";
import { type Step, stepsIn } from "../../../../cli/impact/steps";
import { EXIT, type Stop } from "../../../../cli/stop";
import { REPLACE_ON_CHANGES } from "../../../../components/arguments";
import { NEXUS, REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../../../components/host";

/** Events that pulumi logged of previews of a stack with the region "aurora", without what is not looked at. */
const RECORDED = [
  ...["same", "scale", "add", "profile", "remove", "dataRoot", "healthInterval", "ranges"],
  "encryptionKey",
] as const;
type Recorded = (typeof RECORDED)[number];

function recorded(name: Recorded): Step[] {
  return stepsIn(readFileSync(join(__dirname, "recorded", `${name}.jsonl`), "utf8"));
}

function areas(steps: Step[]): Record<string, AreaImpact> {
  return Object.fromEntries(impactOf(steps).map((impact) => [impact.area, impact]));
}

function areaOf(steps: Step[], area: string): AreaImpact {
  const found = areas(steps)[area];
  if (!found) throw new Error(`The report says nothing of ${area}`);
  return found;
}

describe("the report on a recorded preview", () => {
  it.each(RECORDED)("of %s", (name) => {
    expect(renderMarkdown(impactOf(recorded(name)))).toMatchSnapshot();
  });

  it("says nothing when nothing changes", () => {
    expect(impactOf(recorded("same"))).toEqual([]);
    expect(renderText([])).toBe("Nothing changes.");
  });

  it("does not depend on the order in which pulumi logs steps", () => {
    for (const name of RECORDED) expect(impactOf(recorded(name).reverse())).toEqual(impactOf(recorded(name)));
  });

  it("resizes a region in place, and keeps shared_buffers for the next restart", () => {
    const { aurora, ...others } = areas(recorded("scale"));
    expect(others).toEqual({});
    expect(aurora?.changes).toEqual(["CPU 1 → 2", "memory 2GB → 4GB", "disk 10GB → 20GB"]);
    expect(aurora?.inPlace.map(({ container }) => container).sort()).toEqual(
      ["cache", "db", "server", "storage", "worker"].sort(),
    );
    for (const { what } of aurora?.inPlace ?? []) expect(what).toEqual(["CPU", "memory"]);
    expect(aurora?.restarts).toEqual([]);
    expect(aurora?.later).toEqual([expect.stringContaining("shared_buffers")]);
    expect(aurora?.losses).toEqual([]);
  });

  it("adds a region and touches nothing else", () => {
    const { borealis, ...others } = areas(recorded("add"));
    expect(others).toEqual({});
    expect(borealis?.life).toBe("created");
    expect(renderText(impactOf(recorded("add")))).toMatch(/^borealis +new +5 containers$/);
  });

  it("takes a region down without losing its data, and says where it is", () => {
    const { aurora, ...others } = areas(recorded("remove"));
    expect(others).toEqual({});
    expect(aurora).toMatchObject({ life: "removed", losses: [], pretended: [] });
    expect(aurora?.kept.sort()).toEqual([
      "/srv/nexus/aurora/cache",
      "/srv/nexus/aurora/db",
      "/srv/nexus/aurora/storage",
    ]);
    expect(renderText(impactOf(recorded("remove")))).toContain("/srv/nexus/aurora/{cache,db,storage}");
  });

  it("names what restarts and why", () => {
    const nexus = areaOf(recorded("profile"), NEXUS);
    expect(nexus.restarts.map(({ container, why }) => [container, why])).toEqual(
      expect.arrayContaining([
        ["db", ["configuration files"]],
        ["server", ["environment"]],
      ]),
    );
    const aurora = areaOf(recorded("healthInterval"), "aurora");
    expect(aurora.restarts.map(({ why }) => why)).toEqual([["health check"], ["health check"]]);
    const moved = areaOf(recorded("ranges"), "aurora");
    expect(moved.restarts).toHaveLength(5);
    for (const { why } of moved.restarts) expect(why).toEqual(["its network is made anew"]);
    expect(moved.changes).toEqual([expect.stringContaining("172.22.1.0/24 → 172.24.1.0/24")]);
    expect(moved.losses).toEqual([]);
  });

  it("calls a moved data root a loss, and the volumes' replacement pretended", () => {
    const aurora = areaOf(recorded("dataRoot"), "aurora");
    expect(aurora.losses).toEqual([expect.stringContaining("/srv/nexus/aurora/{cache,db}")]);
    expect(aurora.pretended).toHaveLength(2);
    expect(aurora.kept).toEqual([]);
  });

  it("calls another root of the keys a loss of everything encrypted", () => {
    expect(areaOf(recorded("encryptionKey"), NEXUS).losses).toEqual([expect.stringContaining("encrypted")]);
  });
});

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

  it("one that never became healthy is made anew for that", () => {
    expect(impact({ kind: "replace", causes: ["#initerror"] }).restarts[0]?.why).toEqual([
      "it never became healthy",
    ]);
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

  it("a data volume that only looks like configuration is not taken for it", () => {
    const step = volume("replace", "db-config", bound, false);
    expect(areaOf([step], NEXUS).losses).toHaveLength(1);
  });
});

describe("the permission to lose data", () => {
  const report = impactOf(recorded("dataRoot"));
  const refusal = (allowed: string[]): Stop | undefined => {
    try {
      requireAllowed(report, allowed);
      return undefined;
    } catch (error) {
      return error as Stop;
    }
  };

  it("is needed by name, says what would be lost, and how to go on", () => {
    const stop = refusal(["borealis"]);
    expect(stop?.exitCode).toBe(EXIT.badInput);
    expect(stop?.message).toContain("/srv/nexus/aurora/{cache,db}");
    expect(stop?.message).toContain("nothing was changed");
    expect(stop?.message).toContain("--allow-data-loss aurora");
  });

  it("lets what was named through", () => {
    expect(refusal(["aurora"])).toBeUndefined();
  });

  it("is needed for every region", () => {
    const both = [...report, ...impactOf(recorded("encryptionKey"))];
    expect(() => requireAllowed(both, ["aurora"])).toThrow(`--allow-data-loss ${NEXUS}`);
  });

  it.each(RECORDED.filter((name) => name !== "dataRoot" && name !== "encryptionKey"))(
    "is not asked for by %s",
    (name) => {
      expect(() => requireAllowed(impactOf(recorded(name)), [])).not.toThrow();
    },
  );
});

describe("the Markdown", () => {
  it("keeps what would end a cell or begin a tag from doing so", () => {
    const [first] = impactOf(recorded("scale"));
    if (!first) throw new Error("no report");
    const text = renderMarkdown([{ ...first, changes: ["owner a|b → <img>"] }]);
    expect(text).toContain("owner a\\|b → &lt;img>");
  });
});
