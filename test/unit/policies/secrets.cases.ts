import { secretLiterals } from "../../../policies/secretLiterals";
import type { PolicyCases } from "./cases";
import { container, labels, UNKNOWN, UNKNOWN_LIST } from "./harness";

/** As `@pulumi/random` makes them: 40 letters and digits. */
const RANDOM = "q7Rm2XvT9bKfL0sZ4wYcN8hJdG5aPeU1oVi3QxEt";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const labelled = (label: object) => [container({ labels: [label] })];
const encrypted = (names: string) => [{ label: "io.sectorwars.secret-variables", value: names }];
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
      "all kinds that the program makes": envs(
        `REDIS_URL=redis://app:${RANDOM}@region-aurora-cache:6379/0`,
        `ARIA_ENCRYPTION_KEY=${RANDOM}_-9=`,
      ),
      "a region whose name looks random": [
        container({ labels: labels(RANDOM.toLowerCase().slice(0, 32), "db") }),
      ],
      "an ordinary label": [container({ labels: [{ label: "com.example.team", value: "a-team" }] })],
      "an ordinary file": [container({ uploads: [{ file: "/x", content: "a = 1" }] })],
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
      "what an operator has encrypted": [
        container({
          envs: [`PAYPAL_CLIENT_SECRET=${RANDOM}`, "API_KEY=short"],
          labels: encrypted("API_KEY PAYPAL_CLIENT_SECRET"),
        }),
      ],
      "a health check": [
        container({ healthcheck: { tests: ["CMD", "wget", "http://127.0.0.1:8080/health"] } }),
      ],
    },
    broken: {
      "a literal where a secret belongs": [envs("JWT_SECRET=hunter2"), /JWT_SECRET holds something else/],
      "a guess": [envs("ADMIN_PASSWORD=admin"), /ADMIN_PASSWORD holds something else/],
      "a literal in a secret URL": [
        envs("DATABASE_URL=postgres://a:hunter2@x:5432/a"),
        /DATABASE_URL holds something else/,
      ],
      "a second secret in a secret URL": [
        envs(`REDIS_URL=redis://app:${RANDOM}@cache:6379/0?password=hunter2`),
        /REDIS_URL holds something else/,
      ],
      "no secret where one belongs": [envs("STORAGE_TOKEN="), /STORAGE_TOKEN holds something else/],
      "a label": [labelled({ label: "com.example.note", value: RANDOM }), /labels.0 holds/],
      "a label by its name": [labelled({ label: "com.example.password", value: "x" }), /labels.0 is named/],
      "a URL in a label of ours": [
        labelled({ label: "io.sectorwars.role", value: "http://me:pw@x/" }),
        /labels.0 holds/,
      ],
      "a file": [[container({ uploads: [{ content: `key = ${RANDOM}` }] })], /uploads.0 holds/],
      "a file in base64": [[container({ uploads: [{ contentBase64: RANDOM }] })], /uploads.0 holds/],
      "another one beside it": [
        [container({ envs: [`SMTP_PASSWORD=${RANDOM}`], labels: encrypted("API_KEY") })],
        /SMTP_PASSWORD is named like a secret/,
      ],
      "one of the program's own called encrypted": [
        [container({ envs: ["JWT_SECRET=hunter2"], labels: encrypted("JWT_SECRET") })],
        /JWT_SECRET holds something else/,
      ],
      "a secret of the program's": [envs(`GREETING=${RANDOM}`), /GREETING holds what looks like a secret/],
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
      "39 characters of a secret": [envs(`JWT_SECRET=${RANDOM.slice(0, 39)}`), /JWT_SECRET/],
      "41 of them": [envs(`JWT_SECRET=${RANDOM}A`), /JWT_SECRET/],
      "40 of one letter": [envs(`JWT_SECRET=${"a".repeat(40)}`), /JWT_SECRET/],
      "9 different ones": [envs(`JWT_SECRET=${"abcdefghi".repeat(5).slice(0, 40)}`), /JWT_SECRET/],
      "10 different ones": [envs(`JWT_SECRET=${"abcdefghij".repeat(4)}`), "passes"],
      "39 of them elsewhere": [envs(`A=${RANDOM.slice(0, 39)}`), "passes"],
      "40 of them elsewhere": [envs(`A=key:${RANDOM}`), /A holds/],
      "41 of them elsewhere": [envs(`A=${RANDOM}A`), "passes"],
      "40 that repeat elsewhere": [envs(`A=${"ab12".repeat(10)}`), "passes"],
      "a Fernet key elsewhere": [envs(`A=${RANDOM}_-9=`), /A holds/],
      "a name with the word inside another": [envs("MONKEYBARS=3"), "passes"],
    },
    unknown: {
      "what is computed": [envs("A=1", UNKNOWN, UNKNOWN), "advisory", /envs\.1, envs\.2$/],
      "a label's value": [labelled({ label: "a", value: UNKNOWN }), "advisory", /: labels.0.value$/],
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
