"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/**
 * Our TypeScript as plain JavaScript: loading it file by file through a transpiler takes longer than most commands.
 * Made once per change of its sources and kept by their content, so that whoever runs it runs exactly these.
 * @typedef {object} Build
 * @property {string} cli        file with the command line
 * @property {string} policies   folder of the policy pack
 * @property {string} compiled   folder for what Node makes of packages and builds when it loads them
 * @property {Record<string, string>} sources  SHA-256 of each source by its path in the repository
 */

// Everything that the entries below can import, and what decides how it is made.
const SOURCES = [
  ...["catalog", "cli", "components", "config", "images", "operations", "policies", "regions", "setup"],
  ...["index.ts", "platform.ts", "program.ts", "settings.ts", "tsconfig.json", "package-lock.json"],
];
const SOURCE = /\.(ts|js|json)$|^PulumiPolicy\.yaml$/;
// Local images bring their own programs, and the policies' configuration is read where it is.
const NO_SOURCES = new Set(["node_modules", "recipes", "policies/config"]);
// In here, packages are found as from the repository itself; `npm ci`, which changes them, takes the folder away.
const KEPT = path.join(".cache", "sectorwars-nexus");
const COMPILED = "compiled";
const UNUSED_MS = 7 * 24 * 3_600_000;

/**
 * @param {string} root
 * @param {string} name  relative to root
 * @returns {string[]} the sources in a file or folder
 */
function sourcesIn(root, name) {
  const stat = fs.statSync(path.join(root, name), { throwIfNoEntry: false });
  if (stat?.isFile()) return [name];
  if (!stat) return [];
  return fs
    .readdirSync(path.join(root, name), { withFileTypes: true })
    .filter((entry) => !NO_SOURCES.has(entry.name) && !NO_SOURCES.has(`${name}/${entry.name}`))
    .filter((entry) => entry.isDirectory() || SOURCE.test(entry.name))
    .flatMap((entry) => sourcesIn(root, `${name}/${entry.name}`));
}

/** @param {string | Buffer} content */
const sha256 = (content) => crypto.createHash("sha256").update(content).digest("hex");

/**
 * @param {string} root
 * @returns {Record<string, string>}
 */
function readSources(root) {
  const files = SOURCES.flatMap((name) => sourcesIn(root, name)).sort();
  return Object.fromEntries(files.map((file) => [file, sha256(fs.readFileSync(path.join(root, file)))]));
}

/**
 * The build of the sources as they are now, made unless it is there.
 * @param {string} root  of the repository
 * @returns {Promise<Build>}
 * @throws Error with what is wrong in a source and where, or when the folder of the packages cannot be written
 */
async function build(root) {
  const sources = readSources(root);
  const kept = path.join(fs.realpathSync(path.join(root, "node_modules")), KEPT);
  const folder = path.join(kept, sha256(JSON.stringify(sources)).slice(0, 16));
  const built = {
    cli: path.join(folder, "cli.js"),
    policies: path.join(folder, "policies"),
    compiled: path.join(kept, COMPILED),
    sources,
  };
  if (isUsed(folder)) return built;
  fs.mkdirSync(kept, { recursive: true });
  removeUnused(kept);
  const draft = fs.mkdtempSync(`${folder}.`);
  try {
    await compile(root, draft);
    // For other users of this checkout, who may run it.
    fs.chmodSync(draft, 0o755);
    fs.renameSync(draft, folder);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    // Somebody else may have been quicker.
    if (!fs.existsSync(folder)) throw error;
  }
  return built;
}

/**
 * Is there this build? Then it says when it was used last.
 * @param {string} folder
 */
function isUsed(folder) {
  try {
    fs.utimesSync(folder, new Date(), new Date());
  } catch {
    // Not there, or another user's.
  }
  return fs.existsSync(folder);
}

/**
 * Removes what nobody has used for long, and then also what Node keeps, which grows with each build.
 * @param {string} kept
 */
function removeUnused(kept) {
  const names = fs.readdirSync(kept).filter((name) => name !== COMPILED);
  const old = names.filter((name) => fs.statSync(path.join(kept, name)).mtimeMs < Date.now() - UNUSED_MS);
  for (const name of old.length > 0 ? [...old, COMPILED] : []) {
    fs.rmSync(path.join(kept, name), { recursive: true, force: true });
  }
}

// Pulumi's SDK loads TypeScript, to read functions that are to run elsewhere: a third of its start. Nothing here is such
// a function; the compiler comes when somebody asks for it.
const LATE_TYPESCRIPT = `{
  const file = require.resolve("@pulumi/pulumi/typescript-shim");
  const get = (_, key) => key === "__esModule" || require("typescript")[key];
  require.cache[file] = { id: file, filename: file, loaded: true, exports: new Proxy({}, { get }) };
}`;

/**
 * @param {string} root
 * @param {string} folder
 */
async function compile(root, folder) {
  const { build: bundle } = require("esbuild");
  await bundle({
    absWorkingDir: root,
    entryPoints: { cli: "cli/main.ts", "policies/index": "policies/index.ts" },
    outdir: folder,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node22.12",
    keepNames: true,
    sourcemap: "linked",
    logLevel: "silent",
    banner: { js: LATE_TYPESCRIPT },
    plugins: [ownFolders(root)],
  });
  const pack = (/** @type {string[]} */ ...parts) => path.join(folder, "policies", ...parts);
  fs.copyFileSync(path.join(root, "policies", "package.json"), pack("package.json"));
  const project = fs.readFileSync(path.join(root, "policies", "PulumiPolicy.yaml"), "utf8");
  fs.writeFileSync(
    pack("PulumiPolicy.yaml"),
    project.replace("runtime: nodejs", plainRuntime()).replace(".ts", ".js"),
  );
}

/**
 * Pulumi puts its runner of policy packs behind these arguments of Node. With a script among them, Node runs that: the
 * runner would load TypeScript for nothing, and set V8 so that nothing can be used that Node has kept compiled.
 */
function plainRuntime() {
  const args = "--require source-map-support/register index.js";
  return `runtime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: ${args}`;
}

/**
 * The folder of a source file is in the repository, not where its build stands.
 * @param {string} root
 * @returns {import("esbuild").Plugin}
 */
function ownFolders(root) {
  return {
    name: "own-folders",
    setup({ onLoad }) {
      onLoad({ filter: /\.(ts|js)$/ }, ({ path: file }) => {
        const text = fs.readFileSync(file, "utf8");
        if (!text.includes("__dirname")) return undefined;
        const folder = JSON.stringify(path.dirname(path.relative(root, file)));
        const own = `require("node:path").join(globalThis.nexusBuild.root, ${folder})`;
        return { contents: text.replaceAll("__dirname", own), loader: file.endsWith(".ts") ? "ts" : "js" };
      });
    },
  };
}
module.exports = { build };
