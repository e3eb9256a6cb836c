"use strict";

const { COMMANDS } = require("./commands.js");
const { SetupProblem } = require("./problems.js");

/** @typedef {import("./commands.js").Command} Command */

/**
 * @typedef {object} Request
 * @property {string} name      of the command; "" for the general help
 * @property {string[]} args    for the command, without what is ours alone
 * @property {boolean} help
 * @property {boolean} dryRun
 * @property {string} stack
 * @property {string} [project]  folder with Pulumi.yaml, when not this repository
 */

const DEFAULT_STACK = "dev";

/**
 * The value of an option that is written as `--name value` or `--name=value`.
 * @param {string[]} args
 * @param {string[]} names
 * @returns {string | undefined}
 */
function optionValue(args, names) {
  for (const [index, arg] of args.entries()) {
    if (names.includes(arg)) return args[index + 1] ?? "";
    const name = names.find((candidate) => candidate.startsWith("--") && arg.startsWith(`${candidate}=`));
    if (name) return arg.slice(name.length + 1);
  }
  return undefined;
}

/**
 * Refuses what a command does not know before anything slow is done for it. What follows `--` is for Pulumi.
 * @param {Command} command
 * @param {string[]} args
 */
function checkOptions(command, args) {
  const takesValue = new Map(command.options.flatMap(([spec]) => namesOf(spec)));
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  for (let i = 0; i < own.length; i++) {
    const arg = own[i] ?? "";
    const [name = "", inline] = splitOnce(arg);
    const value = takesValue.get(name);
    if (value === undefined) {
      const known = [...takesValue.keys(), "--dry-run", "--help"].join(", ");
      throw new SetupProblem(`"${arg}" is not an option of \`${command.npm}\`: it knows ${known}.`);
    }
    if (!value && inline !== undefined) throw new SetupProblem(`${name} takes no value.`);
    if (value && inline === undefined) {
      i++;
      if (!isValue(own[i])) throw new SetupProblem(`${name} needs a value.`);
    }
  }
}

/**
 * A negative number is a value, if a wrong one: the command says what is allowed.
 * @param {string} [given]
 */
function isValue(given = "") {
  return given !== "" && (!given.startsWith("-") || /^-\.?\d/.test(given));
}

/**
 * @param {string} spec  "-s, --stack=NAME"
 * @returns {[string, boolean][]} each name, and whether it takes a value
 */
function namesOf(spec) {
  const [names = ""] = spec.split("=");
  return names.split(", ").map((name) => [name, spec.includes("=")]);
}

/** @param {string} arg */
function splitOnce(arg) {
  const at = arg.indexOf("=");
  return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)];
}

/**
 * Takes our own options out of those that are meant for another tool.
 * @param {string} name
 * @param {string[]} rest
 */
function takeOwn(name, rest) {
  // Commands of a command have their own --help: ours comes before them.
  const nested = name === "pulumi" || COMMANDS[name]?.commands !== undefined;
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
 * @throws {SetupProblem} for an unknown command or option
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
  if (!help && command.passes === undefined) checkOptions(command, args);
  const onStack = command.stack || name === "pulumi";
  const stack = (onStack && optionValue(args, ["--stack", "-s"])) || DEFAULT_STACK;
  const project = (onStack && optionValue(args, ["--cwd", "-C"])) || undefined;
  return { name, args, help, dryRun, stack, project };
}

module.exports = { parseArgs };
