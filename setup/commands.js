"use strict";

/**
 * A command of `node setup/run.js`, that is an npm script.
 * @typedef {object} Command
 * @property {string} npm                      how a person types it
 * @property {string} summary
 * @property {string[]} needs                  names of the set-up steps that it needs
 * @property {"cli" | "vitest" | "check" | {script: string}} runs
 * @property {[string, string][]} options      "-s, --long=VALUE" (without "=" when it takes none) and what it does
 * @property {[string, string][]} [commands]   its own commands with their arguments, each of which explains itself
 * @property {readonly string[]} [words]       what its arguments can be
 * @property {string} [passes]                 whose arguments the unknown ones are; undefined: there must be none
 * @property {boolean} [stack]                 works on one stack, which must have a settings file
 * @property {(stack: string) => string} [changes]  what it changes beyond the set-up, for --dry-run
 */

const NPM = "npm packages";
const TOOLCHAIN = [NPM, "pulumi", "providers"];
const DOCKER = ["system packages", "docker"];
const EVERYTHING = [...TOOLCHAIN, ...DOCKER, "images"];
const TESTS = [...EVERYTHING, "test servers"];

/** @type {[string, string][]} */
const STACK = [
  ["-s, --stack=NAME", "the stack; its settings are in Pulumi.NAME.yaml (default: dev)"],
  ["-C, --cwd=FOLDER", "the project: the folder with Pulumi.yaml (default: this repository)"],
];
/** What `bench/main.ts` can measure. */
const BENCHMARKS = /** @type {const} */ ([
  "memory",
  "add-region",
  "preview",
  "resize",
  "verify",
  "interruption",
  "noise",
  "slow-start",
  "policy-pack",
]);

/** @type {[string, string]} */
const JSON_OPTION = ["--json", "print JSON on standard output, everything else on standard error"];
/** @type {[string, string]} */
const FORMAT = ["-f, --format=FORMAT", "table for people, json or yaml for programs (default: table)"];
/** @type {[string, string]} */
const ALLOW_DATA_LOSS = [
  "--allow-data-loss=REGION",
  "go on although data of this region would be lost; repeatable",
];
/** @type {[string, string]} */
const YES = ["-y, --yes", "do not ask; needed without a terminal"];

/** @type {Record<string, Command>} */
const COMMANDS = {
  start: {
    npm: "npm start",
    summary: "bring the platform up, from whatever is there, and print its addresses",
    needs: EVERYTHING,
    runs: "cli",
    options: [...STACK, ALLOW_DATA_LOSS],
    stack: true,
    changes: (stack) => `bring stack ${stack} up: the Nexus and every region in regions/${stack}`,
  },
  preview: {
    npm: "npm run preview",
    summary: "show what `up` would change",
    needs: TOOLCHAIN,
    runs: "cli",
    options: [
      ...[...STACK, JSON_OPTION],
      ["--markdown", "print the report as Markdown on standard output, everything else on standard error"],
      ["--expect-no-changes", "fail when there is any change (drift check)"],
      ["--no-host", "compare the files with the state alone: the Docker host is not asked"],
    ],
    stack: true,
  },
  up: {
    npm: "npm run up",
    summary: "make the platform what the files say",
    needs: EVERYTHING,
    runs: "cli",
    options: [...STACK, YES, JSON_OPTION, ALLOW_DATA_LOSS],
    stack: true,
    changes: (stack) => `make stack ${stack} what its files say`,
  },
  verify: {
    npm: "npm run verify",
    summary: "compare what the files declare with what Docker and the kernel enforce",
    needs: [NPM],
    runs: "cli",
    options: [...STACK, JSON_OPTION],
    stack: true,
  },
  destroy: {
    npm: "npm run destroy",
    summary: "take the platform down and keep its data",
    needs: [...TOOLCHAIN, ...DOCKER],
    runs: "cli",
    options: [
      ...STACK,
      YES,
      ["--data", "remove the data, local images and the state as well: nothing of this stack stays"],
      JSON_OPTION,
    ],
    stack: true,
    changes: (stack) => `take stack ${stack} down`,
  },
  region: {
    npm: "npm run region",
    summary: "list, show, add, scale and remove regions",
    needs: [NPM],
    runs: "cli",
    options: [],
    commands: [
      ["list", "all regions of the stack"],
      ["show REGION", "one region: its file, its address, its containers"],
      ["add NAME --owner ID", "write a new region's file; --apply goes on to `up`"],
      ["scale REGION --cpu N --memory SIZE --disk SIZE", "write its new size; --apply goes on to `up`"],
      ["remove REGION", "remove a region's file; its data stays"],
      ["config [FILE]", "print or write a sample region file"],
    ],
    passes: "the command",
    stack: true,
    changes: (stack) => `list or edit the region files of stack ${stack}, and with --apply bring it up`,
  },
  "admin-password": {
    npm: "npm run admin-password",
    summary: "print the password of the first admin of the Nexus or of a region",
    needs: TOOLCHAIN,
    runs: "cli",
    options: STACK,
    passes: "the command",
    stack: true,
  },
  completion: {
    npm: "npm run completion",
    summary: "print a script with which your shell completes commands, options and regions",
    needs: [NPM],
    runs: "cli",
    options: [],
    passes: "the command",
  },
  capacity: {
    npm: "npm run capacity",
    summary: "say how many more regions fit on the host, and what bounds it",
    needs: [NPM],
    runs: "cli",
    options: [
      ...STACK,
      ["--cpu=N", "CPUs of a region; without any of the three, the usual sizes are counted"],
      ["--memory=SIZE", "its memory, such as 3GB"],
      ["--disk=SIZE", "its disk, such as 20GB"],
      ["--measure", "also ask the Docker Engine where nexus:host declares the host"],
      FORMAT,
    ],
    stack: true,
  },
  cost: {
    npm: "npm run cost",
    summary: "say what the platform costs and earns, and where it breaks even",
    needs: [NPM],
    runs: "cli",
    options: [...STACK, ["--citizens=N", "galactic citizens who pay (default: 0)"], FORMAT],
    stack: true,
  },
  pulumi: {
    npm: "npm run pulumi",
    summary: "run any command of Pulumi with this project's state, secrets and providers",
    needs: TOOLCHAIN,
    runs: "cli",
    options: [],
    passes: "pulumi",
  },
  test: {
    npm: "npm test",
    summary: "run all tests: the model, and the engine with real containers",
    needs: TESTS,
    runs: "vitest",
    options: [["--project=unit|engine", "only these; unit needs neither Pulumi nor Docker"]],
    passes: "vitest",
    changes: () => "run the tests; what they make is removed afterwards",
  },
  check: {
    npm: "npm run check",
    summary: "check types, lint and format",
    needs: [NPM],
    runs: "check",
    options: [],
  },
  bench: {
    npm: "npm run bench",
    summary: `measure, as ratios within one run: ${BENCHMARKS.join(", ")}`,
    needs: EVERYTHING,
    runs: { script: "bench/main.ts" },
    words: BENCHMARKS,
    options: [["--regions=N", "size of the stack that `verify` looks at: 1 to 255"]],
    passes: "the benchmark",
    changes: () => "run the benchmarks; what they make is removed afterwards",
  },
  "images:build": {
    npm: "npm run images:build",
    summary: "make, list or remove the local images",
    needs: [NPM, ...DOCKER],
    runs: { script: "images/build.ts" },
    options: [],
    passes: "images/build.ts",
    changes: () => "make the local images that are missing",
  },
  "images:pin": {
    npm: "npm run images:pin",
    summary: "write the digests of the registry's images to the lock file",
    needs: [NPM],
    runs: "cli",
    options: [
      ["-s, --stack=NAME", "only this stack's (default: those of all that have a settings file)"],
      ["-C, --cwd=FOLDER", "the project: the folder with Pulumi.yaml (default: this repository)"],
      ["--check", "write nothing; fail when the lock file is not up to date"],
      ["--docker-host=HOST", "ask through this Docker Engine instead of each stack's own"],
    ],
    changes: () => "write images/lock.json",
  },
};

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
  if (name === "region" && args.includes("--apply")) return EVERYTHING;
  if (name === "pulumi" && PULUMI_NEEDS_IMAGES.includes(args[0] ?? "")) return EVERYTHING;
  if (name === "pulumi" && PULUMI_NEEDS_DOCKER.includes(args[0] ?? "")) return [...needs, ...DOCKER];
  return needs;
}

/**
 * Do these arguments of the test runner select nothing but tests that need neither Pulumi nor Docker?
 * @param {string[]} args
 */
function onlyUnitTests(args) {
  /** @type {string[]} */
  const projects = [];
  /** @type {string[]} */
  const files = [];
  args.forEach((arg, index) => {
    if (arg.startsWith("--project=")) projects.push(arg.slice("--project=".length));
    else if (args[index - 1] === "--project") projects.push(arg);
    else if (!arg.startsWith("-")) files.push(arg);
  });
  if (projects.length) return projects.every((project) => project === "unit");
  return files.length > 0 && files.every((file) => /^(\.\/)?test\/unit(\/|$)/.test(file));
}

module.exports = { BENCHMARKS, COMMANDS, needsOf };
