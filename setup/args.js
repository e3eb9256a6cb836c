"use strict";

const { parseArgs: parse } = require("node:util");
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

/** What the set-up reads of the arguments; whoever gets them knows all of theirs. */
const OPTIONS = /** @type {const} */ ({
  help: { type: "boolean", short: "h" },
  "dry-run": { type: "boolean" },
  stack: { type: "string", short: "s" },
  cwd: { type: "string", short: "C" },
});
/** Those that nobody else gets. */
const OWN = ["help", "dry-run"];

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
  const { values, tokens } = parse({
    args: rest,
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  // Commands of a command have their own --help: ours comes before them.
  const own = tokens.flatMap((token) =>
    token.kind === "option" && OWN.includes(token.name) && (!command.nested || token.index === 0)
      ? token
      : [],
  );
  const help = own.some((option) => option.name === "help");
  const dryRun = own.some((option) => option.name === "dry-run");
  const args = help ? ["--help"] : rest.filter((_, index) => !own.some((option) => option.index === index));
  if (command.runs === "check" && !help && args.length > 0)
    throw new SetupProblem("`npm run check` takes no arguments.");
  const onStack = !help && (command.stack || name === "pulumi");
  const value = (/** @type {"stack" | "cwd"} */ option) =>
    (onStack && String(values[option] ?? "")) || undefined;
  return { name, args, help, dryRun, stack: value("stack") ?? DEFAULT_STACK, project: value("cwd") };
}

module.exports = { parseArgs };
