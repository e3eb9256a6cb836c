"use strict";

const { COMMANDS } = require("./commands.js");
const { SetupProblem } = require("./problems.js");

/**
 * @typedef {object} Request
 * @property {string} name      of the command; "" for the general help
 * @property {string[]} args    for the command, without what is ours alone; whoever gets them checks them
 * @property {boolean} help
 * @property {boolean} dryRun
 * @property {string} stack
 * @property {string} [project]  folder with Pulumi.yaml, when not this repository
 */

const DEFAULT_STACK = "dev";

/**
 * The value of an option that is written as `--name value`, `--name=value` or `-nvalue`.
 * @param {string[]} args
 * @param {string[]} names
 * @returns {string | undefined}
 */
function optionValue(args, names) {
  for (const [index, arg] of args.entries()) {
    if (names.includes(arg)) return args[index + 1] ?? "";
    const before = names.map((name) => (name.startsWith("--") ? `${name}=` : name));
    const begun = before.find((text) => arg.startsWith(text));
    if (begun) return arg.slice(begun.length);
  }
  return undefined;
}

/**
 * Takes our own options out of those that are meant for another tool.
 * @param {string} name
 * @param {string[]} rest
 */
function takeOwn(name, rest) {
  // Commands of a command have their own --help: ours comes before them.
  const nested = COMMANDS[name]?.nested;
  const own = (/** @type {string} */ arg, /** @type {number} */ index) =>
    (arg === "--help" || arg === "-h" || arg === "--dry-run") && (!nested || index === 0);
  const taken = rest.filter(own);
  return {
    args: rest.filter((arg, index) => !own(arg, index)),
    help: taken.some((arg) => arg !== "--dry-run"),
    dryRun: taken.includes("--dry-run"),
  };
}

/**
 * @param {string[]} argv  without node and the script
 * @returns {Request}
 * @throws {SetupProblem} for an unknown command
 */
function parseArgs(argv) {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    return { name: "", args: [], help: true, dryRun: false, stack: DEFAULT_STACK };
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    throw new SetupProblem(`"${name}" is not a command: there are ${Object.keys(COMMANDS).join(", ")}.`);
  }
  const { args, help, dryRun } = takeOwn(name, rest);
  if (help) return { name, args: ["--help"], help, dryRun, stack: DEFAULT_STACK };
  if (command.runs === "check" && args.length > 0)
    throw new SetupProblem("`npm run check` takes no arguments.");
  const onStack = command.stack || name === "pulumi";
  const stack = (onStack && optionValue(args, ["--stack", "-s"])) || DEFAULT_STACK;
  const project = (onStack && optionValue(args, ["--cwd", "-C"])) || undefined;
  return { name, args, help, dryRun, stack, project };
}

module.exports = { parseArgs };
