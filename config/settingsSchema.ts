import { z } from "zod";
import { MAX_NEXUS_PLAYERS } from "../catalog/nexusBudget";
import { DIRECT_ACCESS, type PublishSetting } from "../catalog/services";
import { RANGE_PREFIXES } from "../regions/addresses";
import { formatCidr, parseCidr, parseIpv4, readCidr } from "./cidr";
import { connectionsSchema } from "./connectionsSchema";
import { field, hundredths, integer, oneOf, text } from "./fields";
import { imageSettings } from "./imageSettings";
import { refuse, show } from "./refusal";
import { parseDataRoot, parseDockerHost } from "./settingsValues";
import { GB, parseCpu, parseSize } from "./units";

/** What a setting is where the stack's file says nothing. The tables of `docs/settings.md` are compared with it. */
export const SETTINGS_DEFAULTS = {
  images: "registry",
  namePrefix: "",
  dataRoot: "/var/lib/sectorwars",
  networks: { nexus: "172.20.0.0/16", regional: "172.21.0.0/16", regions: "172.22.0.0/16" },
  gateway: { address: "127.0.0.1", httpPort: 80, readTimeoutSeconds: 5 },
  profile: "specification",
  environment: "production",
  healthIntervalSeconds: 30,
  restartUnhealthySeconds: 60,
  admission: {
    cpuOvercommit: 1,
    reserve: { cpuMillis: 1000, memoryBytes: GB, diskBytes: 20 * GB },
  },
  // The base, the two revenues and the range of a region's costs are the specification's. The four rates are the ones
  // that put the smallest region at its $5 and the largest at its $15.
  prices: {
    currency: "USD",
    base: 200,
    region: 3.6,
    cpu: 0.5,
    memoryGB: 0.4,
    diskGB: 0.01,
    subscription: 25,
    citizen: 5,
  },
} as const;

const port = integer({
  what: "a port",
  min: 1,
  max: 65_535,
  advice: "Choose a port that nothing else on the host uses.",
});

const price = (advice: string) =>
  hundredths({ what: "an amount", min: 0, max: 1_000_000, advice }).optional();

/** A stack's own settings as they are written, without the `nexus:` in front; defaults are not filled in. */
export const settingsSchema = z.strictObject({
  ...imageSettings,
  namePrefix: text({
    what: "up to 16 lower-case letters, digits and hyphens, not beginning with a hyphen",
    // 16, because a container's name is a DNS label: 63 characters with the longest region name.
    pattern: /^([a-z0-9][a-z0-9-]{0,15})?$/,
    maxLength: 16,
    advice: "Choose a short prefix such as staging-.",
  }).optional(),
  dataRoot: field(parseDataRoot).optional(),
  dockerHost: field(parseDockerHost).optional(),
  dockerCerts: clientPath("Write the folder with ca.pem, cert.pem and key.pem.").optional(),
  dockerSsh: z
    .strictObject({
      knownHosts: clientPath("Write the file with the host's keys, as `ssh-keyscan` prints them.").optional(),
      keyFile: clientPath("Write the file with the private key.").optional(),
    })
    .optional(),
  regionsDir: text({
    what: "a folder, relative to the project or absolute",
    pattern: /^[^\0]+$/,
    maxLength: 1024,
    advice: "Write the folder that holds one file a region.",
  }).optional(),
  networks: z
    .strictObject({ nexus: range("nexus"), regional: range("regional"), regions: range("regions") })
    .optional(),
  gateway: z
    .strictObject({
      address: field(parseAddress).optional(),
      httpPort: port.optional(),
      readTimeoutSeconds: integer({
        what: "a whole number of seconds",
        min: 1,
        max: 300,
        advice: "5 is usual.",
      }).optional(),
      trustedProxies: z.array(field(parseTrustedProxy)).optional(),
    })
    .optional(),
  publish: z
    .strictObject(
      Object.fromEntries(DIRECT_ACCESS.map(({ setting }) => [setting, port.optional()])) as Record<
        PublishSetting,
        z.ZodOptional<typeof port>
      >,
    )
    .optional(),
  profile: oneOf(["laptop", "specification"]).optional(),
  players: integer({
    what: "a whole number of players",
    min: 10,
    max: MAX_NEXUS_PLAYERS,
    advice: "Write how many players are in the Central Nexus at once.",
  }).optional(),
  connections: connectionsSchema.optional(),
  disk: field((value) => parseSize(value, { min: 10 * GB, max: 1_000_000 * GB })).optional(),
  host: z
    .strictObject({
      cpu: field((value) => parseCpu(value, { min: 1000, max: 1_024_000 })),
      memory: field((value) => parseSize(value, { min: GB, max: 16_000 * GB })),
      disk: field((value) => parseSize(value, { min: 10 * GB, max: 1_000_000 * GB })),
    })
    .optional(),
  environment: oneOf(["development", "staging", "production"]).optional(),
  diskLimit: oneOf(["require", "accept"]).optional(),
  healthIntervalSeconds: integer({
    what: "a whole number of seconds",
    min: 1,
    max: 60,
    advice: "30 is usual.",
    orText: true,
  }).optional(),
  restartUnhealthySeconds: integer({
    what: "a whole number of seconds",
    min: 0,
    max: 3600,
    advice: "60 is usual; 0 leaves unhealthy servers alone.",
    orText: true,
  }).optional(),
  admission: z
    .strictObject({
      cpuOvercommit: hundredths({
        what: "a factor",
        min: 1,
        max: 100,
        advice: "1 promises no CPU twice; there is no such factor for memory and disk.",
      }).optional(),
      reserve: z
        .strictObject({
          cpu: field((value) => parseCpu(value, { min: 0, max: 1_024_000 })).optional(),
          memory: field((value) => parseSize(value, { min: 0, max: 16_000 * GB })).optional(),
          disk: field((value) => parseSize(value, { min: 0, max: 1_000_000 * GB })).optional(),
        })
        .optional(),
    })
    .optional(),
  prices: z
    .strictObject({
      currency: text({
        what: "a currency of three capital letters",
        pattern: /^[A-Z]{3}$/,
        maxLength: 3,
        advice: "Write its code, such as USD.",
      }).optional(),
      base: price("Write what the host costs a month."),
      region: price("Write what every region costs a month, whatever its size."),
      cpu: price("Write what a CPU costs a month."),
      memoryGB: price("Write what a GB of memory costs a month."),
      diskGB: price("Write what a GB of disk costs a month."),
      subscription: price("Write what a region's owner pays a month."),
      citizen: price("Write what a galactic citizen pays a month."),
    })
    .optional(),
});

export type RawSettings = z.output<typeof settingsSchema>;

/** A path on the machine that runs this, which becomes part of ssh's options. */
function clientPath(advice: string) {
  return text({
    what: "a path of letters, digits and . _ - @ + ~ /, relative to the project or absolute",
    pattern: /^[A-Za-z0-9._~/][A-Za-z0-9._@+~/-]*$/,
    maxLength: 400,
    advice,
  });
}

function range(key: keyof typeof RANGE_PREFIXES) {
  return field((value) => formatCidr(parseCidr(value, RANGE_PREFIXES[key]))).optional();
}

/** An address, or a network of any size but everybody: then each client would choose its own address. */
function parseTrustedProxy(value: unknown): string {
  const text = typeof value === "string" ? value : "";
  const cidr = readCidr(parseIpv4(text) === undefined ? text : `${text}/32`);
  if (cidr && cidr.prefix > 0) return formatCidr(cidr);
  return refuse(
    show(value),
    "an IPv4 address, or the first address of a network with its prefix length from 1 to 32",
    "Write the addresses that your proxies connect from, such as 10.0.0.5 or 10.0.0.0/24.",
  );
}

function parseAddress(value: unknown): string {
  if (typeof value === "string" && parseIpv4(value) !== undefined) return value;
  return refuse(
    show(value),
    "an IPv4 address of this host",
    "Write 127.0.0.1 for this machine only, 0.0.0.0 for everybody.",
  );
}
