import { describe, expect, it } from "vitest";
import * as summary from "../../../.ci/summary";

/** The parts of vitest's report that are looked at. */
interface Report {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}
const whole = (report?: Report) => report as Parameters<typeof summary.slowest>[0];
const failures = (report?: Report) => summary.failures(whole(report));
const slowest = (report?: Report) => summary.slowest(whole(report));

const file = (...statuses: string[]) => ({
  name: "/a.test.ts",
  startTime: 0,
  endTime: 0,
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status) => ({ status })),
});
const run = (testResults: ReturnType<typeof file>[], codes = { check: 0, tests: 0 }) =>
  summary.judge({ report: whole({ testResults }), ...codes });

describe("the summary of a CI run", () => {
  it("is green when everything passed", () => {
    expect(run([file("passed", "passed"), file("passed")])).toEqual({
      reasons: [],
      line: "3 passed, 0 failed, 0 skipped",
    });
  });
  it.each(["pending", "skipped", "todo", "disabled"])("does not accept a %s test", (status) => {
    const { reasons, line } = run([file("passed", status)]);
    expect(reasons).toEqual([expect.stringContaining("skipped")]);
    expect(line).toBe("1 passed, 0 failed, 1 skipped");
  });
  it("counts a file that cannot be loaded", () => {
    const broken = { ...file(), status: "failed" };
    expect(run([file("passed"), broken], { check: 0, tests: 1 })).toEqual({
      reasons: ["tests failed"],
      line: "1 passed, 1 failed, 0 skipped",
    });
  });
  it("does not accept a run without tests, or without a report", () => {
    expect(run([]).reasons).toEqual(["no test ran"]);
    expect(summary.judge({ report: undefined, check: 0, tests: 2 })).toEqual({
      reasons: ["npm test failed (exit code 2)", "no test ran"],
      line: "0 passed, 0 failed, 0 skipped",
    });
  });
  it("fails with the check and with the runner, whatever the tests say", () => {
    expect(run([file("passed")], { check: 1, tests: 0 }).reasons).toEqual([
      "npm run check failed (exit code 1)",
    ]);
    expect(run([file("passed")], { check: 0, tests: 1 }).reasons).toEqual(["npm test failed (exit code 1)"]);
  });
  it("names every failed test and every broken file, with the first lines of the reason", () => {
    const name = `${process.cwd()}/test/a.test.ts`;
    const failed = {
      status: "failed",
      fullName: "a server answers",
      failureMessages: ["Error: expected 1\nto be 2\n    at /x.ts:1\n    at /y.ts:2"],
    };
    const files = [
      { ...file("passed"), name, status: "failed", assertionResults: [{ status: "passed" }, failed] },
      { ...file(), name, status: "failed", message: "Cannot find module" },
      file("passed"),
    ];
    expect(failures({ testResults: files })).toEqual([
      "test/a.test.ts > a server answers: Error: expected 1 to be 2     at /x.ts:1",
      "test/a.test.ts: Cannot find module",
    ]);
    expect(failures(undefined)).toEqual([]);
  });
  it("names the files that took longest", () => {
    const took = (name: string, seconds: number) => ({
      ...file("passed"),
      name: `${process.cwd()}/test/${name}`,
      startTime: 1000,
      endTime: 1000 + seconds * 1000,
    });
    const files = [took("fast.test.ts", 1), took("slow.test.ts", 90), took("slower.test.ts", 120)];
    expect(slowest({ testResults: files })).toEqual([
      "   120 s  test/slower.test.ts",
      "    90 s  test/slow.test.ts",
      "     1 s  test/fast.test.ts",
    ]);
    expect(slowest({ testResults: Array.from({ length: 30 }, () => took("many.test.ts", 1)) })).toHaveLength(
      5,
    );
    expect(slowest(undefined)).toEqual([]);
  });
});
