"use strict";

const path = require("node:path");
const { parseArgs } = require("./args.js");
const { check } = require("./check.js");
const { runCli } = require("./cli.js");
const { COMMANDS, needsOf } = require("./commands.js");
const { createContext } = require("./context.js");
const { commandEnv, handOver } = require("./handover.js");
const { commandHelp, generalHelp } = require("./help.js");
const { isBrought, isSupported } = require("./node/pinned.js");
const { Interrupted, SetupProblem, report } = require("./problems.js");
const { planAll, runAll } = require("./runner.js");
const { benchPeers, testTools } = require("./steps/builtTools.js");
const { docker } = require("./steps/docker.js");
const { images } = require("./steps/images.js");
const { node, nodeEnv } = require("./steps/node.js");
const { npm } = require("./steps/npm.js");
const { packages } = require("./steps/packages.js");
const { plugins } = require("./steps/plugins.js");
const { pulumi } = require("./steps/pulumi.js");
const { createUi, duration } = require("./ui.js");

/** @typedef {import("./context.js").Context} Context */
/** @typedef {import("./args.js").Request} Request */

const CLI = [path.join("setup", "cli.js")];
const STEPS = [node, npm, pulumi, plugins, packages, docker, images, testTools, benchPeers];

/**
 * @param {Pick<Request, "name" | "args">} request
 * @param {Context} context
 * @returns {Promise<number>} the command's exit code
 */
function runCommand({ name, args }, context) {
  const runs = COMMANDS[name]?.runs;
  if (runs === "check") return check(context);
  if (runs === "vitest") {
    return runNode([path.join("node_modules", "vitest", "vitest.mjs"), "run", ...args], context);
  }
  if (runs) return runNode(["--import", "tsx", runs.script, ...args], context);
  // In this process: to start another one takes as long as all that has been looked at.
  Object.assign(process.env, commandEnv(context));
  process.chdir(context.root);
  return runCli([name, ...args]);
}

/**
 * @param {string[]} args  of node
 * @param {Context} context
 * @param {NodeJS.ProcessEnv} [more]
 */
function runNode(args, context, more) {
  return handOver(process.execPath, args, { cwd: context.root, env: { ...commandEnv(context), ...more } });
}

/**
 * Can cli/ be asked about the arguments of this command now?
 * @param {string} name
 * @param {Context} context
 */
async function canAsk(name, context) {
  if (COMMANDS[name]?.runs || !isSupported(process.versions.node)) return false;
  return (await npm.plan(context)) === undefined;
}

/**
 * Has cli/ look at the arguments of its commands before anything slow is done for them; it says what is wrong.
 * @param {Request} request
 * @param {Context} context
 * @returns {Promise<number>} exit code; 0: they can be used
 */
async function checkArguments({ name, args }, context) {
  if (!(await canAsk(name, context))) return 0;
  return runNode([...CLI, name, ...args], context, { NEXUS_CHECK_ARGUMENTS: "1" });
}

/**
 * Says what a command knows.
 * @param {Request} request
 * @param {Context} context
 */
async function explain({ name, args }, context) {
  if (await canAsk(name, context)) return runCommand({ name, args }, context);
  process.stdout.write(commandHelp(name));
  return 0;
}

/**
 * Says what would happen.
 * @param {Request} request
 * @param {Context} context
 * @param {import("./runner.js").Work[]} work
 */
async function sayPlan(request, context, work) {
  const code = await checkArguments(request, context);
  if (code !== 0) return code;
  const { name, stack } = request;
  const changes = COMMANDS[name]?.changes?.(stack);
  const lines = work.map(({ step, todo }) => `- ${step.name}: would ${todo}`);
  if (work.length === 0) lines.push("- set-up: nothing to do, everything is there");
  if (changes) lines.push(`- then: would ${changes}`);
  if (COMMANDS[name]?.stack)
    lines.push(`  \`npm run preview -- --stack ${stack}\` shows every change of that stack`);
  lines.push(`Nothing was changed. Logs and what is built are kept in ${context.cache.root}`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

/**
 * What is left to do.
 * @param {import("./runner.js").Step[]} steps
 * @param {Context} context
 */
async function planned(steps, context) {
  const { work, problems } = await planAll(steps, context);
  if (problems.length) throw new SetupProblem([...new Set(problems)].join("\n"));
  return work;
}

/**
 * Does it.
 * @param {Context} context
 * @param {import("./runner.js").Work[]} work
 */
async function setUp(context, work) {
  context.cache.prepare();
  try {
    await runAll(work, context);
  } finally {
    context.ui.close();
  }
}

/**
 * Does all that is left, when the command can do something with its arguments.
 * @param {Request} request
 * @param {Context} context
 * @param {import("./runner.js").Work[]} work
 * @returns {Promise<number>} exit code; 0: the command can run
 */
async function setUpFor(request, context, work) {
  const startedAt = Date.now();
  await setUp(
    context,
    work.filter(({ step }) => step === npm),
  );
  const code = await checkArguments(request, context);
  if (code !== 0) return code;
  await setUp(context, work);
  context.ui.say(`Set-up done in ${duration(Date.now() - startedAt)}.`);
  return 0;
}

/**
 * The same command again, with the Node that was brought.
 * @param {string[]} argv
 * @param {Context} context
 * @returns {Promise<number>} its exit code
 */
async function startAgain(argv, context) {
  if (context.signal.aborted) throw new Interrupted();
  const env = nodeEnv(context);
  return handOver(env.NODE ?? "", [path.join(__dirname, "run.js"), ...argv], { cwd: process.cwd(), env });
}

/**
 * @param {string[]} argv
 * @param {AbortSignal} signal
 * @param {import("./ui.js").Ui} ui
 * @param {() => void} letGo  called before the command is started: from then on it gets the signals
 */
async function serve(argv, signal, ui, letGo) {
  const request = parseArgs(argv);
  if (!request.name) {
    process.stdout.write(generalHelp());
    return 0;
  }
  const needs = needsOf(request.name, request.args);
  const given = { root: path.resolve(__dirname, ".."), env: process.env, needs, ui, signal };
  const context = createContext(
    { ...given, dryRun: request.dryRun },
    { name: request.stack, project: request.project },
  );
  const isOld = !isSupported(process.versions.node);
  if (isOld && isBrought(context.cache)) {
    letGo();
    return startAgain(argv, context);
  }
  if (request.help) return explain(request, context);
  const work = await planned(
    STEPS.filter((step) => step === node || needs.includes(step.name)),
    context,
  );
  if (request.dryRun) return sayPlan(request, context, work);
  if (isOld) {
    // The rest is the work of the Node that comes.
    await setUp(
      context,
      work.filter(({ step }) => step === node),
    );
    letGo();
    return startAgain(argv, context);
  }
  if (work.length) {
    const code = await setUpFor(request, context, work);
    if (code !== 0) return code;
  }
  if (signal.aborted) throw new Interrupted();
  letGo();
  return runCommand(request, context);
}

/**
 * @param {string[]} argv  command and arguments
 * @returns {Promise<number>} exit code: 0, 1 failed, 2 bad input or machine, 128 + signal when interrupted
 */
async function main(argv) {
  const ui = createUi(process.stderr);
  const stop = new AbortController();
  let stoppedBy = 130;
  const interrupt = () => stop.abort();
  const terminate = () => {
    stoppedBy = 143;
    stop.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", terminate).on("SIGHUP", terminate);
  const letGo = () => {
    process.off("SIGINT", interrupt).off("SIGTERM", terminate).off("SIGHUP", terminate);
  };
  try {
    return await serve(argv, stop.signal, ui, letGo);
  } catch (error) {
    ui.close();
    const { aborted } = stop.signal;
    const { text, exitCode } = report(aborted ? new Interrupted() : error);
    ui.say(text);
    return aborted ? stoppedBy : exitCode;
  }
}

module.exports = { main };
