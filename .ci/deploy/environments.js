// node .ci/deploy/environments.js: is the repository set up as the deploy workflows need it? They rest on settings that no
// file of the repository holds, and that fail open: an environment without reviewers approves itself.
// Reads GITHUB_API_URL, GITHUB_REPOSITORY, GH_TOKEN and DEFAULT_BRANCH; exit code 1 with one line for each thing amiss.
"use strict";

/**
 * @typedef {object} Environment  the parts of GitHub's answer that count
 * @property {{type: string, reviewers?: unknown[]}[]} [protection_rules]
 * @property {{protected_branches: boolean, custom_branch_policies: boolean} | null} [deployment_branch_policy]
 *
 * @typedef {{name: string, reviewed: boolean}} Wanted  `reviewed`: a person must let each run in
 */

/** @type {Wanted[]} */
const ENVIRONMENTS = [
  { name: "prod", reviewed: true },
  { name: "prod-preview", reviewed: false },
  { name: "prod-code-preview", reviewed: true },
];

/**
 * What is wrong with one environment. Pure.
 * @param {Wanted} wanted
 * @param {Environment | undefined} found  undefined: there is none of that name
 * @param {string[]} branches  names of the branches that may use it, where they are listed
 * @param {string} defaultBranch
 * @returns {string[]}
 */
function problemsOf({ name, reviewed }, found, branches, defaultBranch) {
  if (!found) return [`environment "${name}" does not exist: create it, with its secrets and rules`];
  const reviewers = (found.protection_rules ?? []).flatMap((rule) =>
    rule.type === "required_reviewers" ? (rule.reviewers ?? []) : [],
  );
  const policy = found.deployment_branch_policy;
  const listed = policy?.custom_branch_policies === true;
  const others = branches.filter((branch) => branch !== defaultBranch);
  return [
    reviewed &&
      reviewers.length === 0 &&
      `environment "${name}" has no required reviewers, so nobody approves: add them`,
    !policy &&
      `environment "${name}" is open to every branch, whose workflows could read its secrets: allow "${defaultBranch}" alone`,
    policy?.protected_branches &&
      `environment "${name}" is open to every protected branch, also to those that come: choose "Selected branches", "${defaultBranch}" alone`,
    listed &&
      others.length > 0 &&
      `environment "${name}" is open to ${others.join(", ")}: allow "${defaultBranch}" alone`,
  ].filter((problem) => typeof problem === "string");
}

/**
 * A GET of the GitHub API.
 * @param {string} path  below the repository
 * @returns {Promise<any>} undefined when there is no such thing
 */
async function get(path) {
  const { GITHUB_API_URL, GITHUB_REPOSITORY, GH_TOKEN } = process.env;
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}${path}`, {
    headers: { authorization: `Bearer ${GH_TOKEN}`, accept: "application/vnd.github+json" },
  });
  if (response.status === 404) return undefined;
  if (!response.ok)
    throw new Error(`GitHub answered ${response.status} for ${path}: ${await response.text()}`);
  return response.json();
}

/**
 * @param {string} defaultBranch
 * @returns {Promise<string[]>} everything that is amiss
 */
async function check(defaultBranch) {
  const branch = await get(`/branches/${defaultBranch}`);
  const problems = branch?.protected
    ? []
    : [`branch "${defaultBranch}" is not protected: require pull requests with a review`];
  for (const wanted of ENVIRONMENTS) {
    const path = `/environments/${wanted.name}`;
    const found = await get(path);
    const listed = found?.deployment_branch_policy?.custom_branch_policies;
    const { branch_policies: policies = [] } =
      (listed && (await get(`${path}/deployment-branch-policies`))) || {};
    const names = policies.map((/** @type {{name: string}} */ policy) => policy.name);
    problems.push(...problemsOf(wanted, found, names, defaultBranch));
  }
  return problems;
}

if (require.main === module) {
  check(process.env.DEFAULT_BRANCH ?? "main").then(
    (problems) => {
      for (const problem of problems) console.error(`::error::${problem} (docs/production.md)`);
      process.exitCode = problems.length > 0 ? 1 : 0;
    },
    (error) => {
      console.error(`::error::${error.message}`);
      process.exitCode = 1;
    },
  );
}

module.exports = { check, problemsOf };
