"use strict";

const { parseArgs } = require("node:util");

/**
 * A command of `node setup/run.js`, that is an npm script.
 * @typedef {object} Command
 * @property {string} summary
 * @property {string[]} needs                  names of the set-up steps that it needs
 * @property {"vitest" | "check" | {script: string}} [runs]  default: cli/, which knows its arguments and explains them
 * @property {[string, string][]} [options]    "--long=VALUE" and what it does, where it is not cli/'s
 * @property {readonly string[]} [words]       what its arguments can be
 * @property {string} [passes]                 whose arguments all the others are
 * @property {true} [nested]                   has commands that explain themselves: only what comes first is ours
 * @property {boolean} [stack]                 works on one stack, which must have a settings file
 * @property {(stack: string) => string} [changes]  what it changes beyond the set-up, for --dry-run
 */

const NPM = "npm packages";
const TOOLCHAIN = [NPM, "pulumi", "providers"];
const DOCKER = ["system packages", "docker"];
const EVERYTHING = [...TOOLCHAIN, ...DOCKER, "images"];
const TESTS = [...EVERYTHING, "test servers"];

/** What `bench/main.ts` can measure. */
const BENCHMARKS = /** @type {const} */ ([
  "memory",
  "add-region",
  "compose",
  "preview",
  "resize",
  "verify",
  "interruption",
  "noise",
  "slow-start",
  "policy-pack",
  "against",
]);
/** Those that need a program of somebody else's. */
const AGAINST_PEERS = ["compose"];

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: {
    summary: "bring the platform up, from whatever is there, and print its addresses",
    needs: EVERYTHING,
    stack: true,
    changes: (stack) => `bring stack ${stack} up: the Nexus and every region in regions/${stack}`,
  },
  preview: {
    summary: "show what `up` would change",
    needs: TOOLCHAIN,
    stack: true,
  },
  up: {
    summary: "make the platform what the files say",
    needs: EVERYTHING,
    stack: true,
    changes: (stack) => `make stack ${stack} what its files say`,
  },
  verify: {
    summary: "compare what the files declare with what Docker and the kernel enforce",
    needs: [NPM],
    stack: true,
  },
  destroy: {
    summary: "take the platform down and keep its data",
    needs: [...TOOLCHAIN, ...DOCKER],
    stack: true,
    changes: (stack) => `take stack ${stack} down`,
  },
  region: {
    summary: "list, show, add, scale and remove regions",
    needs: [NPM],
    nested: true,
    stack: true,
    changes: (stack) => `list or edit the region files of stack ${stack}, and with --apply bring it up`,
  },
  "admin-password": {
    summary: "print the password of the first admin of the Nexus or of a region",
    needs: TOOLCHAIN,
    stack: true,
  },
  completion: {
    summary: "print a script with which your shell completes commands, options and regions",
    needs: [NPM],
  },
  capacity: {
    summary: "say how many more regions fit on the host, and what bounds it",
    needs: [NPM],
    stack: true,
  },
  cost: {
    summary: "say what the platform costs and earns, and where it breaks even",
    needs: [NPM],
    stack: true,
  },
  pulumi: {
    summary: "run any command of Pulumi with this project's state, secrets and providers",
    needs: TOOLCHAIN,
    nested: true,
  },
  test: {
    summary: "run all tests: the model, and the engine with real containers",
    needs: TESTS,
    runs: "vitest",
    options: [["--project=unit|engine", "only these; unit needs neither Pulumi nor Docker"]],
    passes: "vitest",
    changes: () => "run the tests; what they make is removed afterwards",
  },
  check: {
    summary: "check types, lint and format",
    needs: [NPM],
    runs: "check",
  },
  bench: {
    summary: `measure, as ratios within one run: ${BENCHMARKS.join(", ")}`,
    needs: EVERYTHING,
    runs: { script: "bench/main.ts" },
    words: BENCHMARKS,
    options: [
      [
        "--regions=N",
        "size of the stack that `verify` looks at, and of the largest that `against` does: 1 to 255",
      ],
      ["--commit=COMMIT", "what `against` compares with"],
    ],
    passes: "the benchmark",
    changes: () => "run the benchmarks; what they make is removed afterwards",
  },
  "images:build": {
    summary: "make, list or remove the local images",
    needs: [NPM, ...DOCKER],
    runs: { script: "images/build.ts" },
    passes: "images/build.ts",
    changes: () => "make the local images that are missing",
  },
  "images:pin": {
    summary: "write the digests of the registry's images to the lock file",
    needs: [NPM],
    changes: () => "write images/lock.json",
  },
};

/**
 * How a person types a command.
 * @param {string} name
 */
function npmCommand(name) {
  return ["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`;
}

// What `pulumi` needs for the commands that make containers.
const PULUMI_NEEDS_IMAGES = ["up", "update"];
const PULUMI_NEEDS_DOCKER = ["destroy", "refresh", "down", "import"];

/**
 * The steps that a command needs with these arguments.
 * @param {string} name
 * @param {string[]} args
 * @returns {string[]}
 */
function needsOf(name, args) {
  const needs = COMMANDS[name]?.needs ?? [];
  if (name === "test" && onlyUnitTests(args)) return [NPM];
  if (name === "bench" && measuresPeers(args)) return [...needs, "benchmark peers"];
  if (name === "region" && args.includes("--apply")) return EVERYTHING;
  if (name === "pulumi" && PULUMI_NEEDS_IMAGES.includes(args[0] ?? "")) return EVERYTHING;
  if (name === "pulumi" && PULUMI_NEEDS_DOCKER.includes(args[0] ?? "")) return [...needs, ...DOCKER];
  return needs;
}

/**
 * Without names it is all benchmarks.
 * @param {string[]} args
 */
function measuresPeers(args) {
  const names = args.filter((arg) => BENCHMARKS.some((one) => one === arg));
  return names.length === 0 || names.some((one) => AGAINST_PEERS.includes(one));
}

/**
 * Do these arguments of the test runner select nothing but tests that need neither Pulumi nor Docker?
 * @param {string[]} args
 */
function onlyUnitTests(args) {
  const { values, positionals } = parseArgs({
    args,
    options: { project: { type: "string", multiple: true } },
    strict: false,
    allowPositionals: true,
  });
  if (values.project) return [values.project].flat().every((project) => project === "unit");
  return positionals.length > 0 && positionals.every((file) => /^(\.\/)?test\/unit(\/|$)/.test(file));
}

module.exports = { BENCHMARKS, COMMANDS, needsOf, npmCommand };
