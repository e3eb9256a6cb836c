import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

interface Job {
  environment?: string;
  permissions?: Record<string, string>;
  uses?: string;
  with?: Record<string, unknown>;
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}
interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}

/** How a workflow names a value. */
const github = (name: string): string => `\${{ ${name} }}`;

const folder = resolve(__dirname, "../../../.github/workflows");
const texts = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text) as Workflow]));
const jobsOf = (file: string): Job[] => Object.values(workflows.get(file)?.jobs ?? {});

describe("the workflows", () => {
  it("give secrets to one job, whose environment its caller names", () => {
    const users = [...texts].filter(([, text]) => text.includes("{{ secrets.")).map(([file]) => file);
    expect(users).toEqual(["stack.yml"]);
    expect(jobsOf("stack.yml").map(({ environment }) => environment)).toEqual([github("inputs.environment")]);
  });

  it("run a branch's own code without secrets, or in the environment that a person approves", () => {
    const calls = [...workflows].flatMap(([file, { on, jobs }]) =>
      Object.values(jobs)
        .filter(({ uses }) => uses?.endsWith("/stack.yml"))
        .map((job) => ({ file, on: Object.keys(on), ...job.with })),
    );
    expect(calls).toEqual([
      { file: "deploy.yml", on: ["push"], environment: "prod-preview", code: github("github.sha") },
      { file: "deploy.yml", on: ["push"], environment: "prod", code: github("github.sha"), up: true },
      {
        file: "preview.yml",
        on: ["pull_request_target"],
        environment: "prod-preview",
        code: github("needs.kind.outputs.base"),
        data: github("github.event.pull_request.head.sha"),
        comment: github("github.event.pull_request.number"),
      },
      {
        file: "preview.yml",
        on: ["pull_request_target"],
        environment: "prod-code-preview",
        code: github("github.event.pull_request.head.sha"),
      },
    ]);
  });

  it("start with the right to read and nothing else", () => {
    for (const [file, { permissions }] of workflows)
      expect([file, permissions]).toEqual([file, { contents: "read" }]);
  });

  it("pin every action to a commit, and leave no token behind where a branch's code may run", () => {
    for (const job of [...workflows.values()].flatMap(({ jobs }) => Object.values(jobs))) {
      for (const { uses } of job.steps ?? []) if (uses) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    }
    for (const file of ["stack.yml", "preview.yml"]) {
      const checkouts = jobsOf(file).flatMap(({ steps = [] }) =>
        steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")),
      );
      for (const step of checkouts) expect([file, step.with?.["persist-credentials"]]).toEqual([file, false]);
    }
  });

  it("put nothing that a pull request words into a command: only into variables", () => {
    for (const job of [...workflows.values()].flatMap(({ jobs }) => Object.values(jobs)))
      for (const { run } of job.steps ?? []) expect(run ?? "").not.toContain("${{");
  });

  it("check the repository's settings before any secret is used", () => {
    for (const file of ["deploy.yml", "preview.yml"]) {
      const [first] = jobsOf(file);
      expect(first?.steps?.some(({ run }) => run?.includes("environments.js"))).toBe(true);
    }
  });
});
