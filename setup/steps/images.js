"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { hashOf, readJson, writeWhole } = require("../cache.js");
const { get } = require("../docker/ping.js");
const { run } = require("../exec.js");

/** @typedef {import("../context.js").Context} Context */

// What local images are made from. images/build.ts knows exactly, and is quick when there is nothing to do; this
// coarser look spares even starting it.
const INPUTS = ["images", "services", "setup/node", "package-lock.json"];
const REPOSITORY = "nexus-local";

/**
 * Every file below a path, with its content, in an order that does not depend on the file system.
 * @param {string} root
 * @param {string} name  relative to root
 * @returns {(string | Buffer)[]}
 */
function contents(root, name) {
  const stat = fs.statSync(path.join(root, name), { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat ? [name, fs.readFileSync(path.join(root, name))] : [];
  const entries = fs.readdirSync(path.join(root, name)).sort();
  return entries
    .filter((entry) => entry !== "node_modules")
    .flatMap((entry) => contents(root, `${name}/${entry}`));
}

/** @param {Context} context */
function stampFile({ root, cache, found }) {
  const key = hashOf(found.dockerHost ?? "", ...INPUTS.flatMap((name) => contents(root, name)));
  return cache.file(`images-${key}.json`);
}

/**
 * The local images that the engine has, as reference and id.
 * @param {string} host
 * @returns {Promise<string[]>}
 */
async function localImages(host) {
  const filters = encodeURIComponent(JSON.stringify({ reference: [`${REPOSITORY}/*`] }));
  const { body } = await get(host, `/images/json?filters=${filters}`, { limitMs: 5_000 });
  /** @type {{Id: string, RepoTags: string[] | null}[]} */
  const images = body ? JSON.parse(body) : [];
  return images.flatMap(({ Id, RepoTags }) => (RepoTags ?? []).map((tag) => `${tag} ${Id}`)).sort();
}

/**
 * Are all the images still there that were when they were last made from the same inputs?
 * @param {unknown} stamp      content of the stamp file, or undefined
 * @param {string[]} present
 */
function isDone(stamp, present) {
  return Array.isArray(stamp) && stamp.length > 0 && stamp.every((image) => present.includes(image));
}

/** @type {import("../runner.js").Step} */
const images = {
  name: "images",
  after: ["npm packages", "docker"],
  async plan(context) {
    const { stack, found } = context;
    if (stack.images !== "local") return undefined;
    const todo = `make the local images that are missing (stack ${stack.name} has images: local)`;
    if (!found.dockerHost) return todo;
    return isDone(readJson(stampFile(context)), await localImages(found.dockerHost)) ? undefined : todo;
  },
  async run(context, status) {
    const { root, env, cache, signal, found } = context;
    const host = found.dockerHost ?? "";
    const args = ["--import", "tsx", path.join("images", "build.ts"), "--docker-host", host];
    const options = { cwd: root, env, logFile: cache.logFile("images"), signal, onLine: status };
    await run(process.execPath, args, options);
    writeWhole(stampFile(context), JSON.stringify(await localImages(host)));
  },
};

module.exports = { images, isDone, contents };
