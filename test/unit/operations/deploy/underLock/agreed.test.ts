import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { ROOT_STACK, type StateResource } from "../../../../../operations/deploy/pulumi/deployment";
import { changedSince, filesOf, readBy, stateOf } from "../../../../../operations/deploy/underLock/agreed";

describe("filesOf", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "nexus-agreed-"));
    write("Pulumi.yaml", "name: nexus");
    write("Pulumi.dev.yaml", "config: {}");
    write("regions/load.ts", "");
    write("regions/dev/aurora.yaml", "name: aurora");
    write("components/container.ts", "");
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }

  /** What an edit changes, by path. */
  function edited(path: string, text: string): string | undefined {
    const before = { files: filesOf(dir, "dev") };
    write(path, text);
    return changedSince(before, { files: filesOf(dir, "dev") });
  }

  it.each([
    ["the settings", "Pulumi.dev.yaml", "config: { nexus:players: 10 }"],
    ["a region", "regions/dev/aurora.yaml", "name: borealis"],
    ["a region that comes", "regions/dev/celeste.yaml", "name: celeste"],
    ["the program", "components/container.ts", "export {};"],
    ["a model", "regions/load.ts", "export {};"],
    ["a package", "package-lock.json", "{}"],
    ["what an image is made of", "services/gameserver/app.ts", "export {};"],
  ])("knows a change of %s", (_, path, text) => {
    expect(edited(path, text)).toBe(
      `Changed since this run began: ${path}. Nothing was changed by this run. Run the same command again.`,
    );
  });

  it.each([
    ["another stack's region", "regions/prod/vega.yaml"],
    ["another stack's settings", "Pulumi.prod.yaml"],
    ["an editor's file beside the regions", "regions/dev/.aurora.yaml.swp"],
    ["one that looks like a region", "regions/dev/.#aurora.yaml"],
    ["one beside the program", "components/.container.ts.swp"],
    ["a page", "docs/operations.md"],
  ])("is not about %s", (_, path) => {
    expect(edited(path, "anything")).toBeUndefined();
  });

  it("notices what was edited since this process was built of it, though nothing has read that yet", () => {
    write("components/container.ts", "export const now = 1;");
    const sources = {
      ...filesOf(dir, "dev"),
      "components/container.ts": "as it was built",
      "cli/main.ts": "x",
    };
    const build = { root: dir, sources, cli: "", policies: "", compiled: "" };
    vi.stubGlobal("nexusBuild", build);
    onTestFinished(() => void vi.unstubAllGlobals());
    const changed = () => changedSince({ files: readBy(dir, "dev") }, { files: filesOf(dir, "dev") });
    expect(changed()).toMatch(/^Changed since this run began: components\/container\.ts\. /);
    vi.stubGlobal("nexusBuild", { ...build, sources: filesOf(dir, "dev") });
    expect(changed()).toBeUndefined();
    vi.stubGlobal("nexusBuild", { ...build, root: "/another/checkout" });
    expect(changed(), "a build of other files").toBeUndefined();
  });

  it("is not stopped by an editor's link to nothing", () => {
    const before = filesOf(dir, "dev");
    for (const folder of ["regions/dev", "components"])
      symlinkSync("me@host.1", join(dir, folder, ".#opened.yaml"));
    expect(filesOf(dir, "dev")).toEqual(before);
  });

  it("follows the folder that the settings name", () => {
    write("Pulumi.dev.yaml", "config: { nexus:regionsDir: elsewhere }");
    write("elsewhere/vega.yaml", "name: vega");
    expect(Object.keys(filesOf(dir, "dev"))).toContain("elsewhere/vega.yaml");
    expect(edited("elsewhere/vega.yaml", "name: lyra")).toContain(": elsewhere/vega.yaml.");
  });
});

describe("stateOf", () => {
  const resource = (name: string, more: Partial<StateResource> = {}): StateResource => ({
    urn: `urn:pulumi:dev::nexus::t::${name}`,
    type: "t",
    ...more,
  });
  const resources = [resource("a", { id: "1" }), resource("b")];
  const said = (now: StateResource[]): string | undefined =>
    changedSince(
      { files: {}, state: stateOf({ resources }) },
      { files: {}, state: stateOf({ resources: now }) },
    );

  it.each([
    ["changed", [resource("a", { id: "2" }), resource("b")], "1 resource (a)"],
    ["gone", [resource("b")], "1 resource (a)"],
    ["new", [...resources, resource("c"), resource("d")], "2 resources (c, d)"],
    [
      "waiting for its deletion",
      [...resources, resource("a", { delete: true })],
      "1 resource (a (replaced))",
    ],
  ])("knows a resource that is %s", (_, now, what) => {
    expect(said(now)).toBe(
      `Changed since the preview: the state in ${what}. Nothing was changed by this run. Run the same command again.`,
    );
  });

  it("is not about the root, which Pulumi writes before the program begins", () => {
    expect(said([resource("stack", { type: ROOT_STACK }), ...resources])).toBeUndefined();
  });

  it("names files and state in one message", () => {
    const message = changedSince({ files: { a: "1" }, state: { "x::b": "1" } }, { files: {}, state: {} });
    expect(message).toMatch(/^Changed since the preview: a; the state in 1 resource \(b\)\./);
  });
});
