"use strict";

const { Interrupted, SetupProblem } = require("./problems.js");
const { withLock } = require("./lock.js");

/** @typedef {import("./context.js").Context} Context */

/**
 * One step of the set-up.
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} [after]   names of steps that must be done before; those not in the run are ignored
 * @property {(context: Context) => Promise<string | undefined>} plan
 *   What is left to do, as "install ...", or undefined when everything is there; records what it found in
 *   `context.found`. Changes nothing, starts nothing slow, and also answers while the steps before it are undone.
 *   Throws SetupProblem when this machine cannot be used.
 * @property {(context: Context, status: (text: string) => void) => Promise<void>} run  does it
 */

/** @typedef {{step: Step, todo: string}} Work */

/**
 * Runs `visit` for every step after those that it comes after; independent steps run side by side. The first failure
 * ends the others; it is the one that is thrown.
 * @template {{name: string, after?: string[]}} T
 * @param {T[]} steps
 * @param {(step: T, signal: AbortSignal) => Promise<void>} visit
 * @param {AbortSignal} interrupt
 * @throws {Interrupted} after that signal
 */
async function inOrder(steps, visit, interrupt) {
  const stop = new AbortController();
  const signal = AbortSignal.any([interrupt, stop.signal]);
  /** @type {Map<string, Promise<void>>} */
  const visits = new Map();
  /** @type {(step: T) => Promise<void>} */
  const start = (step) => {
    const known = visits.get(step.name);
    if (known) return known;
    const before = steps.filter((other) => step.after?.includes(other.name));
    const visiting = Promise.all(before.map(start)).then(async () => {
      signal.throwIfAborted();
      await visit(step, signal).catch((error) => {
        // The first reason stays.
        stop.abort(error);
        throw error;
      });
    });
    visits.set(step.name, visiting);
    return visiting;
  };
  await Promise.allSettled(steps.map(start));
  if (interrupt.aborted) throw new Interrupted();
  if (stop.signal.aborted) throw stop.signal.reason;
}

/**
 * Looks at everything before anything is changed, so that a machine that cannot be used is left as it was.
 * @param {Step[]} steps
 * @param {Context} context
 * @returns {Promise<{work: Work[], problems: string[]}>} what is left to do, in the order of `steps`
 */
async function planAll(steps, context) {
  /** @type {Map<Step, string>} */
  const todos = new Map();
  /** @type {string[]} */
  const problems = [];
  const plan = async (/** @type {Step} */ step) => {
    try {
      const todo = await step.plan(context);
      if (todo !== undefined) todos.set(step, todo);
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      problems.push(error.message);
    }
  };
  await inOrder(steps, plan, context.signal);
  const work = steps.map((step) => ({ step, todo: todos.get(step) ?? "" })).filter(({ todo }) => todo);
  return { work, problems };
}

/**
 * Does one step's work, once on this machine at a time.
 * @param {Step} step
 * @param {Context} context
 */
async function runStep(step, context) {
  const { ui, cache, signal } = context;
  const onWait = (/** @type {{pid: number}} */ owner) =>
    ui.say(`  ${step.name}: waiting for another set-up (process ${owner.pid})`);
  await withLock(cache.lockFile(lockName(step, context)), { signal, onWait }, async () => {
    // A step before this one, or another set-up, may have changed what is left to do.
    const todo = await step.plan(context);
    if (todo === undefined) return;
    ui.begin(step.name, todo);
    let ok = false;
    try {
      await step.run(context, (text) => ui.status(step.name, text));
      const left = await step.plan(context);
      if (left !== undefined) throw new Error(`${step.name}: done, and yet it still has to ${left}`);
      ok = true;
    } finally {
      ui.end(step.name, ok);
    }
  });
}

/**
 * npm packages belong to a checkout; everything else belongs to the machine or the cache.
 * @param {Step} step
 * @param {Context} context
 */
function lockName(step, context) {
  return step.name === "npm packages" ? `npm-${context.checkoutId}` : step.name.replaceAll(" ", "-");
}

/**
 * Does the work that planAll found. The first failure ends the others.
 * @param {Work[]} work
 * @param {Context} context  its signal is the one that interrupts
 */
async function runAll(work, context) {
  const steps = work.map(({ step }) => step);
  await inOrder(steps, (step, signal) => runStep(step, { ...context, signal }), context.signal);
}

module.exports = { inOrder, planAll, runAll };
