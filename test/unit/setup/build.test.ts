import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build as bundle } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { build } from "../../../setup/build";
import { run } from "../../support/command";

const REPOSITORY = resolve(__dirname, "../../..");

describe("a build", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "nexus-build-"));
    for (const name of [
      "catalog",
      "cli",
      "components",
      "config",
      "images",
      "operations",
      "policies",
      "regions",
    ])
      cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
    for (const name of [
      "setup",
      "index.ts",
      "platform.ts",
      "program.ts",
      "settings.ts",
      "tsconfig.json",
      "package-lock.json",
    ])
      cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
    symlinkSync(join(REPOSITORY, "node_modules"), join(root, "node_modules"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const edit = (file: string, from: string, to: string): void => {
    const text = readFileSync(join(root, file), "utf8");
    expect(text).toContain(from);
    writeFileSync(join(root, file), text.replace(from, to));
  };
  const command = (name: string) =>
    run(process.execPath, [join(root, "setup/cli.js"), name], {
      cwd: root,
      env: process.env as Record<string, string>,
    });

  it("is another one for other sources, the same for the same ones, and says which they are", async () => {
    const first = await build(root);
    expect(await build(root)).toEqual(first);
    expect((await build(REPOSITORY)).cli, "whoever has the same sources").toBe(first.cli);
    edit("policies/stopGrace.ts", "stop", "halt");
    const second = await build(root);
    expect(second.policies).not.toBe(first.policies);
    const changed = Object.keys(second.sources).filter(
      (file) => second.sources[file] !== first.sources[file],
    );
    expect(changed).toEqual(["policies/stopGrace.ts"]);
    rmSync(resolve(second.cli, ".."), { recursive: true });
  });

  it("reads nothing that is not among its sources", async () => {
    const { metafile } = await bundle({
      absWorkingDir: root,
      entryPoints: ["cli/main.ts", "policies/index.ts"],
      ...{
        outdir: "unused",
        bundle: true,
        packages: "external",
        platform: "node",
        write: false,
        metafile: true,
      },
    });
    const { sources } = await build(root);
    expect(Object.keys(metafile.inputs).filter((file) => !(file in sources))).toEqual([]);
  });

  it("has the policy pack as plain JavaScript, under the same description", async () => {
    const { policies } = await build(root);
    const [own, built] = [join(root, "policies"), policies].map(
      (folder) => parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")) as Record<string, unknown>,
    );
    const runtime = {
      name: "nodejs",
      options: { typescript: false, nodeargs: "--require source-map-support/register index.js" },
    };
    expect(built).toEqual({ ...own, runtime, main: "index.js" });
    expect(existsSync(join(policies, "index.js"))).toBe(true);
  });

  it("loads TypeScript, which Pulumi's SDK asks for, when somebody uses it", async () => {
    const { policies } = await build(root);
    const script = `require("./index.js");
      const isLoaded = () => require.resolve("typescript") in require.cache;
      const before = isLoaded();
      const { version } = require("@pulumi/pulumi/typescript-shim");
      console.log(JSON.stringify([before, typeof version, isLoaded()]));
      process.exit();`;
    const env = process.env as Record<string, string>;
    const { stdout } = await run(process.execPath, ["-e", script], { cwd: policies, env });
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual([false, "string", true]);
  });

  it("is made by the command that needs it, which says where a source is wrong", async () => {
    edit("cli/main.ts", "shows what would change", "shows what will change");
    const outcome = await command("--help");
    expect(outcome.stdout).toContain("shows what will change");
    edit("cli/main.ts", "import ", "important ");
    const broken = await command("--help");
    expect([broken.code, broken.stdout]).toEqual([1, ""]);
    expect(broken.stderr).toContain("cli/main.ts:1:");
  });

  it("tells of a defect where it is in the sources", async () => {
    edit(
      "cli/commands/cost.ts",
      "done(cost(options))",
      'done(\n((): never => { throw new Error("a defect"); })())',
    );
    const { code, stderr } = await command("cost");
    const line = readFileSync(join(root, "cli/commands/cost.ts"), "utf8")
      .split("a defect")[0]
      ?.split("\n").length;
    expect(code).toBe(1);
    expect(stderr).toContain("a defect");
    expect(stderr).toContain(`${join(root, "cli/commands/cost.ts")}:${line}:`);
  });
});
