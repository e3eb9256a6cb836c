import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { check } from "../../../.ci/deploy/environments";

/** GitHub's answers by path below the repository; what is absent is answered with 404. */
let answers: Record<string, unknown>;
let server: Server;

const reviewers = {
  type: "required_reviewers",
  reviewers: [{ type: "User", reviewer: { login: "operator" } }],
};
const listed = { protected_branches: false, custom_branch_policies: true };
const onlyMain = { total_count: 1, branch_policies: [{ name: "main", type: "branch" }] };

beforeEach(async () => {
  answers = { "/branches/main": { name: "main", protected: true } };
  for (const name of ["prod", "prod-preview", "prod-code-preview"]) {
    answers[`/environments/${name}`] = {
      name,
      protection_rules: [{ type: "branch_policy" }, ...(name === "prod-preview" ? [] : [reviewers])],
      deployment_branch_policy: listed,
    };
    answers[`/environments/${name}/deployment-branch-policies`] = onlyMain;
  }
  server = createServer((request, response) => {
    const path = (request.url ?? "").replace("/repos/acme/nexus", "");
    const answer = request.headers.authorization === "Bearer token" ? answers[path] : undefined;
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("GITHUB_API_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("GITHUB_REPOSITORY", "acme/nexus");
  vi.stubEnv("GH_TOKEN", "token");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => server.close(resolve));
});

describe("the repository's settings", () => {
  it("are right when only the main branch is let in and a person approves", async () => {
    expect(await check("main")).toEqual([]);
  });

  it("are wrong without an environment, a reviewer, a rule on branches, or a protected branch", async () => {
    delete answers["/environments/prod-preview"];
    answers["/environments/prod"] = { protection_rules: [], deployment_branch_policy: null };
    answers["/environments/prod-code-preview/deployment-branch-policies"] = {
      branch_policies: [{ name: "main" }, { name: "feature/*" }],
    };
    answers["/branches/main"] = { name: "main", protected: false };
    expect(await check("main")).toEqual([
      'branch "main" is not protected: require pull requests with a review',
      'environment "prod" has no required reviewers, so nobody approves: add them',
      'environment "prod" is open to every branch, whose workflows could read its secrets: allow "main" alone',
      'environment "prod-preview" does not exist: create it, with its secrets and rules',
      'environment "prod-code-preview" is open to feature/*: allow "main" alone',
    ]);
  });

  it("are wrong when the rule for reviewers names nobody, or each protected branch is let in", async () => {
    answers["/environments/prod"] = {
      protection_rules: [{ ...reviewers, reviewers: [] }],
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
    };
    expect(await check("main")).toEqual([
      'environment "prod" has no required reviewers, so nobody approves: add them',
      'environment "prod" is open to every protected branch, also to those that come: choose "Selected branches", "main" alone',
    ]);
  });
});
