// node .ci/deploy/pullRequest.js BASE HEAD: what a pull request changes, for the workflow that previews it.
// Prints `kind=data|code` and `tree=ID` for $GITHUB_OUTPUT; the reasons go to standard error.
//
// Data (region files, settings, the lock file of images) is previewed by the code of the base branch, which is reviewed
// and may therefore see the stack's state. Everything else counts as code: what it does with a secret nobody knows
// before a person has read it.
"use strict";

const { execFileSync } = require("node:child_process");
const { isDeepStrictEqual } = require("node:util");
const { parse } = require("yaml");

/** @typedef {{path: string, mode: string, before: string, after: string}} Change  one file; ids of its contents */

const DATA = [/^regions\/[^/]+\/[^/]+\.yaml$/, /^Pulumi\.[^/]+\.yaml$/, /^images\/lock\.json$/];
/** Neither data nor code: nothing that runs reads them. */
const PROSE = /^docs\/|\.md$/;
const SETTINGS = /^Pulumi\.[^/]+\.yaml$/;
/** Settings that say where credentials are sent, or which files are read: with them, data could fetch secrets. */
const GUARDED = [
  "nexus:dockerHost",
  "nexus:dockerCerts",
  "nexus:dockerSsh",
  "nexus:registries",
  "nexus:regionsDir",
];

/** Git's mode of a plain file. A link could lead the loader to any file of the machine. */
const PLAIN_FILE = "100644";
const ABSENT = "000000";

/**
 * The changes in the output of `git diff --raw -z --no-renames --abbrev=40`.
 * @param {string} text
 * @returns {Change[]}
 */
function changesIn(text) {
  const parts = text.split("\0").filter(Boolean);
  return parts.flatMap((part, index) => {
    if (!part.startsWith(":")) return [];
    const [, mode = "", before = "", after = ""] = part.split(" ");
    return [{ path: parts[index + 1] ?? "", mode, before, after }];
  });
}

/**
 * Why a pull request counts as code; nothing: it is data alone. Pure but for `read`.
 * @param {Change[]} changes
 * @param {(id: string) => string} read  content of a file by its id
 * @returns {string[]}
 */
function codeReasons(changes, read) {
  return changes.flatMap((change) => {
    const { path, mode } = change;
    if (PROSE.test(path)) return [];
    if (!DATA.some((pattern) => pattern.test(path))) return [`${path} is neither a region file nor settings`];
    if (mode !== PLAIN_FILE && mode !== ABSENT) return [`${path} is not a plain file (mode ${mode})`];
    return SETTINGS.test(path) ? settingsReasons(change, read) : [];
  });
}

/**
 * @param {Change} change
 * @param {(id: string) => string} read
 */
function settingsReasons({ path, before, after }, read) {
  try {
    const [old, now] = [before, after].map((id) => (/^0+$/.test(id) ? {} : guarded(parse(read(id)))));
    return isDeepStrictEqual(old, now)
      ? []
      : [`${path} changes more than what the platform is (keys but "config", ${GUARDED.join(", ")})`];
  } catch (error) {
    return [`${path} cannot be read: ${/** @type {Error} */ (error).message.split("\n")[0]}`];
  }
}

/**
 * The part of a settings file that decides where things are and how they are opened.
 * @param {unknown} file
 */
function guarded(file) {
  const { config = {}, ...rest } = /** @type {{config?: Record<string, unknown>}} */ (file ?? {});
  const isGuarded = (/** @type {string} */ key) => GUARDED.includes(key) || !key.startsWith("nexus:");
  return {
    ...rest,
    config: Object.fromEntries(Object.entries(config ?? {}).filter(([key]) => isGuarded(key))),
  };
}

/** @param {string[]} args */
function git(...args) {
  return execFileSync("git", args, { encoding: "utf8", maxBuffer: 64 * 2 ** 20 });
}

/**
 * What would be on the base branch after the merge, and what that changes.
 * @param {string} base
 * @param {string} head
 */
function compare(base, head) {
  const tree = git("merge-tree", "--write-tree", base, head).split("\n")[0] ?? "";
  const changes = changesIn(git("diff", "--raw", "-z", "--no-renames", "--abbrev=40", base, tree));
  return { tree, reasons: codeReasons(changes, (id) => git("cat-file", "blob", id)) };
}

if (require.main === module) {
  const [base = "", head = ""] = process.argv.slice(2);
  try {
    const { tree, reasons } = compare(base, head);
    for (const reason of reasons) console.error(`code: ${reason}`);
    console.log(`kind=${reasons.length === 0 ? "data" : "code"}\ntree=${tree}`);
  } catch (error) {
    console.error(
      `The pull request cannot be merged into its base, so there is nothing to preview.\n${error}`,
    );
    process.exitCode = 1;
  }
}

module.exports = { changesIn, codeReasons, compare };
