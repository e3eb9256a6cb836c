"use strict";

const { COMMANDS } = require("./commands.js");

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
  const commands = Object.values(COMMANDS).map(
    (command) => /** @type {[string, string]} */ ([command.npm, command.summary]),
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
 * @param {string} name  of a command
 * @returns {string}
 */
function commandHelp(name) {
  const command = COMMANDS[name];
  if (!command) return generalHelp();
  const rest = command.passes ? [`Everything else is passed to ${command.passes}.`, ""] : [];
  const nested = command.commands ?? [];
  const own = nested.length
    ? [table(nested), "", `\`${command.npm} -- COMMAND --help\` explains each.`, ""]
    : [];
  return [
    `${command.npm} -- ${nested.length ? "COMMAND " : ""}[options]: ${command.summary}.`,
    "",
    ...own,
    table([
      ...command.options.map(
        ([spec, text]) => /** @type {[string, string]} */ ([spec.replace("=", " "), text]),
      ),
      ...OWN_OPTIONS,
    ]),
    "",
    ...rest,
    `What it needs, and sets up when it is not there: ${command.needs.join(", ")}.`,
    "",
  ].join("\n");
}

module.exports = { generalHelp, commandHelp };
