"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { SetupProblem } = require("./problems.js");

/**
 * The few settings of a stack that the set-up has to know. settings.ts reads and checks all of them; this is read
 * before any package is installed, so it looks at single lines only.
 * @typedef {object} StackFacts
 * @property {string} name
 * @property {"local" | "registry"} images
 * @property {string} [dockerHost]  the engine of this stack, where it is not this machine's
 * @property {string} [dockerCerts]  folder with the certificates for it
 */

/**
 * @param {string} text  of a Pulumi.<stack>.yaml
 * @param {string} key   such as "nexus:images"
 * @returns {string | undefined} the value of a key that is written on one line
 */
function lineValue(text, key) {
  const match = new RegExp(`^\\s+["']?${key}["']?\\s*:\\s*(.*)$`, "m").exec(text);
  const value = match?.[1]?.replace(/\s+#.*$/, "").trim();
  return value?.replace(/^(["'])(.*)\1$/, "$2") || undefined;
}

/**
 * @param {string} name
 * @param {string} text  of its Pulumi.<stack>.yaml
 * @returns {StackFacts}
 */
function parseStackFacts(name, text) {
  const images = lineValue(text, "nexus:images") === "local" ? "local" : "registry";
  const setting = (/** @type {string} */ key) => lineValue(text, `nexus:${key}`);
  return { name, images, dockerHost: setting("dockerHost"), dockerCerts: setting("dockerCerts") };
}

/**
 * @param {string} root
 * @param {string} name  as given to --stack; "organisation/project/stack" means the last part
 * @returns {StackFacts}
 * @throws {SetupProblem} when the stack has no settings file
 */
function stackFacts(root, name) {
  const short = name.split("/").pop() ?? name;
  try {
    return parseStackFacts(short, fs.readFileSync(path.join(root, `Pulumi.${short}.yaml`), "utf8"));
  } catch {
    throw new SetupProblem(
      `There is no readable settings file Pulumi.${short}.yaml: the stacks here are ${stacksIn(root).join(", ") || "none"}. ` +
        `Choose one with --stack, or write that file.`,
    );
  }
}

/**
 * The stacks that a project has settings files for, sorted.
 * @param {string} folder
 * @returns {string[]}
 */
function stacksIn(folder) {
  const files = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

module.exports = { lineValue, parseStackFacts, stackFacts, stacksIn };
