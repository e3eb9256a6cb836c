"use strict";

const { COMMANDS, npmCommand } = require("./commands.js");

/** @param {[string, string][]} rows */
function table(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

/** @type {[string, string][]} */
const OWN_OPTIONS = [
  ["--dry-run", "say what would be installed, built, started and changed; change nothing"],
  ["--help", "this text"],
];

/** @type {[string, string][]} */
const VARIABLES = [
  ["NEXUS_CACHE", "folder for what outlives a checkout (default: ~/.cache/sectorwars-nexus)"],
  ["NEXUS_TOOLCHAIN", "path, vendor or build: use only this way to get Pulumi"],
  ["DOCKER_HOST", "the Docker Engine to use"],
  ["PULUMI_HOME", "Pulumi's logins and plugins, when not in ~/.pulumi"],
];

/** @returns {string} */
function generalHelp() {
  const commands = Object.entries(COMMANDS).map(
    ([name, { summary }]) => /** @type {[string, string]} */ ([npmCommand(name), summary]),
  );
  return [
    "SectorWars Nexus. Every command first installs, builds or starts what it needs and is not there.",
    "",
    table(commands),
    "",
    "Every command knows (npm wants `--` before options, as in `npm start -- --dry-run`):",
    table(OWN_OPTIONS),
    "",
    "Environment:",
    table(VARIABLES),
    "",
    "Exit codes: 0 done or nothing to do, 1 failed, 2 bad input or a machine that cannot be used.",
    "",
  ].join("\n");
}

/**
 * What the set-up itself knows of a command.
 * @param {string} name
 * @returns {string}
 */
function commandHelp(name) {
  const { summary = "", options = [], passes, runs } = COMMANDS[name] ?? {};
  const own = options.map(([spec, text]) => /** @type {[string, string]} */ ([spec.replace("=", " "), text]));
  return [
    `${npmCommand(name)} -- [options]: ${summary}.`,
    "",
    table([...own, ...OWN_OPTIONS]),
    "",
    ...(passes ? [`Everything else is passed to ${passes}.`, ""] : []),
    ...(runs ? [] : ["Its own options are shown here once the npm packages are installed (npm ci).", ""]),
    needsHelp(name),
    "",
  ].join("\n");
}

/** @param {string} name  of a command */
function needsHelp(name) {
  const needs = COMMANDS[name]?.needs.join(", ");
  return `Sets up first what is not there of: ${needs}.\n--dry-run says what that would be, and changes nothing.`;
}

module.exports = { generalHelp, commandHelp, needsHelp };
