import { dataVolumes } from "../../../policies/dataVolumes";
import { judgedTypes } from "../../../policies/judgedTypes";
import { CONTAINER, VOLUME } from "../../../policies/kit/resources";
import { secretLiterals } from "../../../policies/secretLiterals";
import { stateInVolumes } from "../../../policies/stateInVolumes";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, type Resource, UNKNOWN, UNKNOWN_LIST } from "./harness";

/** As `@pulumi/random` makes them: 40 letters and digits. */
const RANDOM = "q7Rm2XvT9bKfL0sZ4wYcN8hJdG5aPeU1oVi3QxEt";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

const options = { device: "/var/lib/sectorwars/aurora/db", o: "bind", type: "none" };
function volume(changes: Props = {}): Resource {
  const props = { name: "region-aurora-db-data", driver: "local", driverOpts: options, ...changes };
  return { type: VOLUME, name: "region-aurora-db-data", props };
}
const device = (path: string) => [volume({ driverOpts: { ...options, device: path } })];
const envs = (...entries: string[]) => [container({ envs: entries })];

export const data: PolicyCases[] = [
  {
    policy: dataVolumes,
    compliant: {
      "a folder": [volume()],
      "with the SDK's own note": [volume({ driverOpts: { ...options, __defaults: [] } })],
      "with empty labels": [volume({ labels: [] })],
      "configuration, without options": [volume({ name: "region-aurora-db-config", driverOpts: undefined })],
    },
    broken: {
      labels: [[volume({ labels: [{ label: "a", value: "b" }] })], /labels are set/],
      "a volume of another driver": [[volume({ driver: "nfs" })], /driver is not local/],
      "no driver": [[volume({ driver: undefined })], /driver is not local/],
      cluster: [[volume({ cluster: {} })], /cluster/],
      "data in Docker's own folder": [[volume({ driverOpts: undefined })], /constant|device/],
      "a size, which cannot change": [[volume({ driverOpts: { ...options, size: "10G" } })], /constant/],
      "another mount option": [[volume({ driverOpts: { ...options, o: "bind,ro" } })], /constant/],
      "a relative folder": [device("data/aurora/db"), /device is not a folder/],
      "a folder with a way out": [device("/data/aurora/../borealis/db"), /device is not a folder/],
      "configuration with options": [[volume({ name: "region-aurora-db-config" })], /driverOpts are set/],
      "a volume of neither kind": [[volume({ name: "stuff" })], /neither in -data nor in -config/],
    },
    boundary: {
      "the shortest folder": [device("/data/aurora/db"), "passes"],
      "one part less": [device("/data/aurora"), /device is not a folder/],
      "a trailing slash": [device("/data/aurora/db/"), "passes"],
    },
    unknown: {
      "the name": [[volume({ name: UNKNOWN })], "advisory", /: name$/],
      "the folder": [device(UNKNOWN), "advisory", /: driverOpts.device$/],
    },
  },
  {
    policy: stateInVolumes,
    compliant: {
      "a database with its volume": [container()],
      "a worker without one": [container({ labels: labels("aurora", "worker"), volumes: [] })],
    },
    broken: {
      "no volume": [[container({ volumes: [] })], /no writable volume/],
      "an anonymous one": [[container({ volumes: [{ containerPath: "/data" }] })], /no writable volume/],
      "a bind": [
        [container({ volumes: [{ hostPath: "/x", containerPath: "/data" }] })],
        /no writable volume/,
      ],
      "configuration only": [
        [container({ volumes: [{ volumeName: "region-aurora-db-config", containerPath: "/x" }] })],
        /no writable volume/,
      ],
    },
    boundary: {
      "a volume that is only read": [
        [container({ volumes: [{ volumeName: "a-data", containerPath: "/data", readOnly: true }] })],
        /no writable volume/,
      ],
      "the same, written": [
        [container({ volumes: [{ volumeName: "a-data", containerPath: "/data", readOnly: false }] })],
        "passes",
      ],
    },
    unknown: {
      "the volume's name": [
        [container({ volumes: [{ volumeName: UNKNOWN, containerPath: "/data" }] })],
        "policy",
        /does not know volumes.0.volumeName/,
      ],
    },
    configured: {
      "another role": [
        [container({ labels: labels("aurora", "queue"), volumes: [] })],
        { roles: ["queue"] },
        /no writable volume/,
      ],
    },
  },
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
  {
    policy: judgedTypes,
    compliant: {
      "a container": [container()],
      "another provider's": [{ type: "random:index/randomPassword:RandomPassword", name: "r", props: {} }],
    },
    broken: {
      "a Swarm service": [[{ type: "docker:index/service:Service", name: "s", props: {} }], /Service/],
    },
    boundary: {
      "the provider itself": [[{ type: "pulumi:providers:docker", name: "docker", props: {} }], "passes"],
    },
    unknown: {
      "a type is never unknown; props are not read": [
        [{ type: "docker:index/plugin:Plugin", name: "p", props: { name: UNKNOWN } }],
        "policy",
        /no policy judges/,
      ],
    },
    configured: { "fewer types": [[container()], { types: [VOLUME] }, new RegExp(CONTAINER)] },
  },
];
