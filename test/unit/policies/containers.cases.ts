import { healthChecks } from "../../../policies/healthChecks";
import { pinnedImages } from "../../../policies/pinnedImages";
import { stopGrace } from "../../../policies/stopGrace";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, type Resource, UNKNOWN, UNKNOWN_LIST } from "./harness";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const image = (name: string) => [container({ image: name })];
const MOVES = /a tag that moves/;
const tagged = (tag: string, outcome: "passes" | RegExp): [string, [Resource[], object, typeof outcome]] => [
  `${tag} where a tag is enough`,
  [image(`grafana:${tag}`), { requireDigest: false }, outcome],
];
const role = (name: string, changes: Props = {}) =>
  container({ labels: labels("aurora", name), ...changes }, `region-aurora-${name}`);
export const containers: PolicyCases[] = [
  {
    policy: pinnedImages,
    compliant: {
      "a tag and a digest": image(`postgres:15.18@${DIGEST}`),
      "a digest alone": image(`postgres@${DIGEST}`),
      "a tag that moves, with a digest": image(`postgres:latest@${DIGEST}`),
      "an image's id": image(DIGEST),
      "one made on this machine": image("nexus-local/postgres:0a1b2c3d4e5f"),
    },
    broken: {
      "an official one by tag": [image("redis:7.2.14-alpine3.21"), /no digest: run `npm run images:pin`/],
      "the same by its full name": [image("docker.io/library/redis:7.2.14"), /no digest/],
      "the operator's own by tag": [image("registry.example:5000/game:1.0.0"), /no digest/],
      "one that only looks made here": [image("evil.example/nexus-local/postgres:1.0"), /no digest/],
      latest: [image("postgres:latest"), /a tag that moves/],
      "latest of this machine": [image("nexus-local/postgres:latest"), /a tag that moves/],
      "no tag": [image("postgres"), /neither tag nor digest/],
      "a port that is no tag": [image("registry.example:5000/game"), /neither tag nor digest/],
      "no image": [[container({ image: undefined })], /neither tag nor digest/],
    },
    boundary: {
      "a digest that is one short": [image(`postgres@${DIGEST.slice(0, -1)}`), /neither/],
    },
    unknown: { "the image": [image(UNKNOWN), "policy", /does not know image/] },
    configured: Object.fromEntries([
      ...["15.18-alpine3.24", "1.0", "v1.4.2", "10.2"].map((tag) => tagged(tag, "passes")),
      ...["2026-11-21", "nightly-20261121", "RELEASE.2026-11-21T08-00-00Z"].map((tag) =>
        tagged(tag, "passes"),
      ),
      ...["0a1b2c3", "sha-0a1b2c3d4e5f", "main-0a1b2c3"].map((tag) => tagged(tag, "passes")),
      ...["latest", "stable", "main", "edge", "lts", "15", "v15", "15-alpine"].map((tag) =>
        tagged(tag, MOVES),
      ),
      // The version of something else, no date, no hash, and a word of a hash's letters.
      ...["alpine3.24", "stable-1.2", "2026-13-21", "0a1b2c", "defaced"].map((tag) => tagged(tag, MOVES)),
    ]),
  },
  {
    policy: healthChecks,
    compliant: {
      "a command": [container()],
      "a shell line": [container({ healthcheck: { tests: ["CMD-SHELL", "true"] } })],
      "a job, which ends": [container({ mustRun: false, healthcheck: undefined })],
    },
    broken: {
      none: [[container({ healthcheck: undefined })], /healthcheck.tests/],
      "switched off": [[container({ healthcheck: { tests: ["NONE"] } })], /healthcheck.tests/],
      "mustRun left out, which means true": [
        [container({ mustRun: undefined, healthcheck: undefined })],
        /healthcheck.tests/,
      ],
    },
    boundary: {
      "no command after CMD": [[container({ healthcheck: { tests: ["CMD"] } })], /healthcheck.tests/],
      "one word": [[container({ healthcheck: { tests: ["CMD", "check"] } })], "passes"],
    },
    unknown: {
      "the tests": [
        [container({ healthcheck: { tests: UNKNOWN_LIST } })],
        "policy",
        /does not know healthcheck.tests/,
      ],
    },
  },
  {
    policy: stopGrace,
    compliant: { "a database": [container()], "a server": [role("server", { destroyGraceSeconds: 30 })] },
    broken: {
      "left out, which means killed at once": [[container({ destroyGraceSeconds: undefined })], /60 or more/],
      "a cache like a server": [[role("cache", { destroyGraceSeconds: 30 })], /60 or more/],
    },
    boundary: {
      "a second less for a database": [[container({ destroyGraceSeconds: 59 })], /60 or more/],
      "the least for others": [[role("worker", { destroyGraceSeconds: 10 })], "passes"],
      "a second less for others": [[role("worker", { destroyGraceSeconds: 9 })], /10 or more/],
    },
    unknown: {
      "the grace": [
        [container({ destroyGraceSeconds: UNKNOWN })],
        "policy",
        /does not know destroyGraceSeconds/,
      ],
    },
    configured: {
      "another figure": [[container()], { databaseSeconds: 120 }, /120 or more/],
      "another database": [
        [role("queue", { destroyGraceSeconds: 30 })],
        { databases: ["queue"] },
        /60 or more/,
      ],
    },
  },
];
