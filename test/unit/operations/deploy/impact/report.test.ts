import { describe, expect, it } from "vitest";
import { NEXUS } from "../../../../../catalog/names";
import { renderText } from "../../../../../cli/impactTable";
import { PASSWORD } from "../../../../../components/secretShapes";
import { renderMarkdown } from "../../../../../operations/deploy/impact/render";
import { impactOf } from "../../../../../operations/deploy/impact/report";
import { areaOf, areas, RECORDED, recorded } from "./recorded";

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
    const inPlace = Object.fromEntries(
      (aurora?.inPlace ?? []).map(({ container, what }) => [container, what]),
    );
    const limits = ["CPU", "memory"];
    expect(inPlace).toEqual({
      ...{ cache: limits, db: limits, server: limits, storage: limits, worker: limits },
      "all volumes": ["disk"],
    });
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
    expect(aurora?.kept).toEqual(["/srv/nexus/aurora"]);
    expect(renderText(impactOf(recorded("remove")))).toContain("its data stays in /srv/nexus/aurora");
  });

  it("says of a region's admin password that it is lost where it is stored, and nothing where it is derived", () => {
    const later = (length: number) => {
      const steps = recorded("remove");
      const step = steps.find(({ name }) => name === "region-aurora-admin-password");
      if (step?.old) step.old.inputs.length = length;
      return areaOf(steps, "aurora").later;
    };
    expect(later(16)).toEqual(["when it comes back, its players log in again"]);
    expect(later(PASSWORD.length)).toContain(
      "its next admin password is another one: change it in the game before",
    );
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
    for (const { why } of moved.restarts) expect(why).toEqual(["its network is recreated"]);
    expect(moved.changes).toEqual([expect.stringContaining("172.22.1.0/24 → 172.24.1.0/24")]);
    expect(moved.losses).toEqual([]);
  });

  it("refuses a moved data root", () => {
    const aurora = areaOf(recorded("dataRoot"), "aurora");
    expect(aurora.refused).toEqual([expect.stringContaining("its data is in /srv/nexus/aurora,")]);
    expect(aurora).toMatchObject({ restarts: [], losses: [], kept: [] });
  });

  it("says nothing of a state that lets go of its data volumes, which are their containers' now", () => {
    const [type, name] = ["docker:index/volume:Volume", "region-aurora-db-data"];
    const inputs = { name, driver: "local", driverOpts: { device: "/srv/a/db", o: "bind", type: "none" } };
    const old = { inputs, retainOnDelete: true, initErrors: false };
    const step = { kind: "delete" as const, urn: name, type, name, changed: [], causes: [], old };
    expect(impactOf([step])).toEqual([]);
    // Any other volume holds something.
    const plain = { ...step, old: { ...old, inputs: { name }, retainOnDelete: false } };
    expect(areaOf([plain], NEXUS).losses).toEqual([expect.stringContaining(name)]);
  });

  it("calls another root of the keys a loss of everything encrypted", () => {
    expect(areaOf(recorded("encryptionKey"), NEXUS).losses).toEqual([expect.stringContaining("encrypted")]);
  });
});

describe("the Markdown", () => {
  it("keeps what would end a cell or begin a tag from doing so", () => {
    const [first] = impactOf(recorded("scale"));
    if (!first) throw new Error("no report");
    const text = renderMarkdown([{ ...first, changes: ["owner a|b → <img>"] }]);
    expect(text).toContain("owner a\\|b → &lt;img>");
  });
});
