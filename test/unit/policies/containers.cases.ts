import { healthChecks } from "../../../policies/healthChecks";
import { pinnedImages } from "../../../policies/pinnedImages";
import { stopGrace } from "../../../policies/stopGrace";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, UNKNOWN, UNKNOWN_LIST } from "./harness";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
const image = (name: string) => [container({ image: name })];
const role = (name: string, changes: Props = {}) =>
  container({ labels: labels("aurora", name), ...changes }, `region-aurora-${name}`);
export const containers: PolicyCases[] = [
  {
    policy: pinnedImages,
    compliant: {
      "a tag": image("postgres:15.18-alpine3.24"),
      "a tag and a digest": image(`postgres:15.18@${DIGEST}`),
      "a digest alone": image(`postgres@${DIGEST}`),
      "an image's id": image(DIGEST),
      "a registry with a port": image("registry.example:5000/game:1.0"),
    },
    broken: {
      latest: [image("postgres:latest"), /latest/],
      "no tag": [image("postgres"), /neither tag nor digest/],
      "a port that is no tag": [image("registry.example:5000/game"), /neither tag nor digest/],
      "no image": [[container({ image: undefined })], /neither tag nor digest/],
    },
    boundary: {
      "a tag that begins with latest": [image("postgres:latest-15"), "passes"],
      "a digest that is one short": [image(`postgres@${DIGEST.slice(0, -1)}`), /neither/],
    },
    unknown: { "the image": [image(UNKNOWN), "policy", /does not know image/] },
    configured: {
      "an official one without a digest": [image("redis:7.2"), { digestStacks: ["dev"] }, /images:pin/],
      "the same by its full name": [
        image("docker.io/library/redis:7.2"),
        { digestStacks: ["dev"] },
        /images:pin/,
      ],
      "with a digest": [image(`redis:7.2@${DIGEST}`), { digestStacks: ["dev"] }, "passes"],
      "one made on this machine": [image("nexus-local/redis:0a1b"), { digestStacks: ["dev"] }, "passes"],
      "the operator's own": [image("sectorwars/gameserver:1.0"), { digestStacks: ["dev"] }, "passes"],
    },
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
