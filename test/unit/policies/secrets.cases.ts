import { secretLiterals } from "../../../policies/secretLiterals";
import type { PolicyCases } from "./cases";
import { container, UNKNOWN, UNKNOWN_LIST } from "./harness";

/** As `@pulumi/random` makes them: 40 letters and digits. */
const RANDOM = "q7Rm2XvT9bKfL0sZ4wYcN8hJdG5aPeU1oVi3QxEt";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const envs = (...entries: string[]) => [container({ envs: entries })];

export const secrets: PolicyCases[] = [
  {
    policy: secretLiterals,
    compliant: {
      "secrets where they belong": envs(
        `DATABASE_URL=postgresql://app:${RANDOM}@db:5432/app`,
        `JWT_SECRET=${RANDOM}`,
        `REGION_TOKEN=${HEX}`,
      ),
      "ordinary settings": envs(
        "CENTRAL_NEXUS_URL=http://central-nexus-server:8080",
        "LANGUAGE_PACK={}",
        "EMPTY=",
      ),
      "an owner's id": envs(
        "REGION_OWNER_ID=8d7a3f52-64c5-4f2a-bb0a-4f8f4a3de512",
        `REGION_OWNER_ID=auth0|${HEX}`,
      ),
      "an id in a theme": envs('AESTHETIC_THEME={"asset":"8d7a3f52-64c5-4f2a-bb0a-4f8f4a3de512"}'),
      "a long word": envs("THEME=internationalisation4Everyone"),
      "a name that people join together": envs("THEME=sector7alphacentauri2102"),
      "a plain variable": envs("REGION_NAME=a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6"),
      "a health check": [
        container({ healthcheck: { tests: ["CMD", "wget", "http://127.0.0.1:8080/health"] } }),
      ],
    },
    broken: {
      "a random text": [envs(`GREETING=${RANDOM}`), /GREETING holds what looks like a secret/],
      "a password in the URL of a plain variable": [
        envs("STORAGE_URL=http://me:pw@storage/"),
        /STORAGE_URL holds/,
      ],
      "hexadecimal digits": [envs(`BUILD=${HEX}`), /BUILD holds/],
      "inside JSON": [envs(`CUSTOM_RULES={"a":{"b":"${RANDOM}"}}`), /CUSTOM_RULES holds/],
      "a password in a URL": [envs("MIRROR=https://me:pw@mirror/"), /MIRROR holds/],
      "a private key": [envs("PEM=-----BEGIN RSA PRIVATE KEY-----"), /PEM holds/],
      "a known kind of token": [envs("CI=ghp_aaaaaaaaaaaaaaaaaaaaaaaa"), /CI holds/],
      "a name that says it": [envs("SMTP_PASSWORD=short"), /SMTP_PASSWORD is named like a secret/],
      "a name that is one itself": [envs(`x${RANDOM}=${RANDOM}`), /a variable holds/],
      "a command line": [[container({ command: ["run", `--key=${RANDOM}`] })], /command.1 holds/],
      "an entry point": [[container({ entrypoints: ["sh", "-c", `x ${RANDOM}`] })], /entrypoints.2 holds/],
      "a health check": [
        [container({ healthcheck: { tests: ["CMD", RANDOM] } })],
        /healthcheck.tests.1 holds/,
      ],
    },
    boundary: {
      "19 random characters": [envs(`A=${RANDOM.slice(0, 19)}`), "passes"],
      "20 of them": [envs(`A=${RANDOM.slice(0, 20)}`), /A holds/],
      "20 that repeat": [envs("A=ab12ab12ab12ab12ab12"), "passes"],
      "a name with the word inside another": [envs("MONKEYBARS=3"), "passes"],
    },
    unknown: {
      "what is computed": [envs("A=1", UNKNOWN, UNKNOWN), "advisory", /envs\.1, envs\.2$/],
      "all variables": [[container({ envs: UNKNOWN_LIST })], "advisory", /: envs$/],
    },
    configured: {
      "another secret variable": [
        envs(`SMTP_PASSWORD=${RANDOM}`),
        { secretVariables: ["SMTP_PASSWORD"] },
        "passes",
      ],
      "another plain one": [envs(`COMMIT=${HEX}`), { plainVariables: ["COMMIT"] }, "passes"],
      "none at all": [envs(`JWT_SECRET=${RANDOM}`), { secretVariables: [] }, /JWT_SECRET/],
    },
  },
];
