// node .ci/summary.js RESULTS CHECK_EXIT_CODE TEST_EXIT_CODE: judges a run of .ci/run by vitest's JSON report.
"use strict";

const path = require("node:path");
const { readJson } = require("../setup/cache.js");

/** @typedef {Pick<import("vitest/node").JsonTestResults, "testResults">} Report */

const SLOWEST = 5;
const MESSAGE_WIDTH = 300;

/**
 * @param {Report | undefined} report  undefined: the runner did not get far enough to write one
 * @returns {{passed: number, failed: number, skipped: number}}
 */
function count(report) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const of = (/** @type {(status: string) => boolean} */ wanted) => tests.filter(wanted).length;
  // A file that cannot be loaded has no failing test in it, and must not look like success.
  const broken = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  ).length;
  return {
    passed: of((status) => status === "passed"),
    failed: of((status) => status === "failed") + broken,
    skipped: of((status) => status !== "passed" && status !== "failed"),
  };
}

/**
 * @param {{report: Report | undefined, check: number, tests: number}} run  exit codes of `npm run check` and `npm test`
 * @returns {{reasons: string[], line: string}} why it fails (nothing: it is green), and the closing line
 */
function judge({ report, check, tests }) {
  const { passed, failed, skipped } = count(report);
  const reasons = [
    check !== 0 && `npm run check failed (exit code ${check})`,
    failed > 0 && "tests failed",
    tests !== 0 && failed === 0 && `npm test failed (exit code ${tests})`,
    skipped > 0 && "tests were skipped, and in continuous integration nothing may be",
    passed + failed + skipped === 0 && "no test ran",
  ].filter((reason) => typeof reason === "string");
  return { reasons, line: `${passed} passed, ${failed} failed, ${skipped} skipped` };
}

/**
 * Where the time goes: the files that took longest, in seconds.
 * @param {Report | undefined} report
 * @returns {string[]}
 */
function slowest(report) {
  return (report?.testResults ?? [])
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, SLOWEST)
    .map(({ name, seconds }) => `${seconds.toFixed(0).padStart(6)} s  ${path.relative(process.cwd(), name)}`);
}

/**
 * What failed and why, a line each: the end of the output is often all that is kept of a run.
 * @param {Report | undefined} report
 * @returns {string[]}
 */
function failures(report) {
  const line = (/** @type {string} */ file, /** @type {string} */ test, /** @type {string} */ message) =>
    `${path.relative(process.cwd(), file)}${test && ` > ${test}`}: ${message.split("\n").slice(0, 3).join(" ").slice(0, MESSAGE_WIDTH)}`;
  return (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (!failed.length) return status === "failed" ? [line(name, "", message)] : [];
    return failed.map(({ fullName, failureMessages }) => line(name, fullName, failureMessages?.[0] ?? ""));
  });
}

if (require.main === module) {
  const [file = "", check, tests] = process.argv.slice(2);
  const report = /** @type {Report | undefined} */ (readJson(file));
  console.log(["The slowest files:", ...slowest(report)].join("\n"));
  const { reasons, line } = judge({ report, check: Number(check), tests: Number(tests) });
  for (const failure of failures(report)) console.log(`FAILED: ${failure}`);
  for (const reason of reasons) console.log(`FAILED: ${reason}`);
  console.log(line);
  process.exitCode = reasons.length ? 1 : 0;
}

module.exports = { failures, judge, slowest };
