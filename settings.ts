import type { NexusProfile } from "./catalog/nexusBudget";
import type { PublishSetting } from "./catalog/services";
import { type CheckTarget, check } from "./config/check";
import type { ConnectionSettings } from "./config/connections";
import { ConfigError, type Problem } from "./config/problems";
import { isMap, plain, refusalText, show } from "./config/refusal";
import { crossCheck } from "./config/settingsRules";
import { type RawSettings, SETTINGS_DEFAULTS, settingsSchema } from "./config/settingsSchema";
import { suggest } from "./config/suggest";
import type { DataPath, YamlSource } from "./config/yamlSource";
import type { RegistryLogin } from "./images/login";
import type { ImageOverrides } from "./images/table";
import type { NetworkRanges } from "./regions/addresses";
import type { AdmissionRules } from "./regions/capacity";
import type { Prices } from "./regions/cost";
import type { RegionResources } from "./regions/model";

/** Ports on the host's loopback address; what is absent is not published. */
export type PublishedPorts = Partial<Record<PublishSetting, number>>;

/** Where a stack's Docker Engine is and how it is reached. */
export interface EngineHost {
  /** `unix://…`, `tcp://…` or `ssh://…`; default: `DOCKER_HOST`, else the local socket. */
  address?: string;
  /** Folder with `ca.pem`, `cert.pem` and `key.pem` for a `tcp://` address; default: Docker's variables. */
  certs?: string;
  /** File with the host keys that are accepted at an `ssh://` address; default: ssh's own. */
  knownHosts?: string;
  /** File with the private key for an `ssh://` address; default: the agent, and what ssh's configuration says. */
  keyFile?: string;
  /** The project's folder, where relative paths start; default: the current one. */
  folder?: string;
}

/** The whole of it, or its address alone. */
export type DockerHost = string | EngineHost;

/** A stack's settings, checked and complete. `docs/settings.md` says what each of them does. */
export interface Settings {
  images: "local" | "registry";
  /** Operator's own images in place of those that `images/` names. */
  imageOverrides: ImageOverrides;
  /** Do regions have a worker? Absent: where a health test for one is given (`images/worker.ts`). */
  worker?: "run" | "none";
  /** Logins by the registry's host, beside those of Docker's own configuration. */
  registries?: Record<string, RegistryLogin>;
  namePrefix: string;
  dataRoot: string;
  /** Its paths are as they are written: the provider puts them into the state, which other machines read. */
  dockerHost?: DockerHost;
  /** Relative to the project folder, or absolute. */
  regionsDir: string;
  networks: NetworkRanges;
  gateway: {
    address: string;
    httpPort: number;
    readTimeoutSeconds: number;
    trustedProxies: readonly string[];
  };
  publish: PublishedPorts;
  profile: NexusProfile;
  /** Players that the Nexus server's processes are made for; absent: as many as the profile says. */
  players?: number;
  /** Limit of the Nexus' own data in bytes; absent: the profile's. */
  disk?: number;
  /** How the connections of the Nexus' database are given out, as far as somebody said; the rest follows from the players. */
  connections: ConnectionSettings;
  /** The host as declared, for admission where the host itself cannot be asked. */
  host?: RegionResources;
  /** How much of the host may be promised. */
  admission: AdmissionRules;
  prices: Prices;
  environment: "development" | "staging" | "production";
  /** Is a host that cannot keep regions within their disk limit refused, or accepted? */
  diskLimit: "require" | "accept";
  healthIntervalSeconds: number;
  /** After so many seconds of failing health tests a game server is restarted; 0: never. */
  restartUnhealthySeconds: number;
}

/** The settings as far as they could be read: complete, or `regionsDir` alone with the problems of the rest. */
export type SettingsResult = {
  regionsDir: string;
  /** The settings as they are written, without their namespace, also where they are wrong. */
  written?: Record<string, unknown>;
  place?: PlaceOf;
} & ({ settings: Settings; place: PlaceOf; problems: [] } | { settings?: undefined; problems: Problem[] });

/** Where a setting is written, or the map that it would stand in. */
export type PlaceOf = (path: DataPath) => Pick<Problem, "file" | "line" | "column">;

const NAMESPACE = "nexus:";

/**
 * A stack's settings from the `config:` map of its `Pulumi.<stack>.yaml`, with defaults filled in.
 *
 * @param raw keys with their namespace (`nexus:profile`); those of other namespaces are ignored
 * @param source the file that `raw` came from, for line numbers
 * @throws ConfigError with all problems
 */
export function parseSettings(stack: string, raw: Record<string, unknown>, source?: YamlSource): Settings {
  const { settings, problems } = readSettings(stack, raw, source);
  if (!settings) throw new ConfigError(problems);
  return settings;
}

/** {@link parseSettings} that returns the problems, so that they can be reported with those of other files. */
export function readSettings(stack: string, raw: unknown, source?: YamlSource): SettingsResult {
  const target: CheckTarget = {
    file: source?.file ?? `Pulumi.${stack}.yaml`,
    locate: source?.locate,
    inFile: ([key, ...rest]) => (key === undefined ? ["config"] : ["config", `${NAMESPACE}${key}`, ...rest]),
    prefix: NAMESPACE,
  };
  const fallback = `regions/${stack}`;
  if (raw !== undefined && raw !== null && !isMap(raw)) {
    const message = refusalText(
      show(raw),
      "a map of settings",
      `Write one setting a line, such as ${NAMESPACE}profile: laptop.`,
    );
    return { regionsDir: fallback, problems: [report(target, [], message)] };
  }
  const { own, problems } = ownKeys(raw ?? {}, target);
  const checked = check(settingsSchema, own, target);
  problems.push(...(checked.problems ?? []));
  problems.push(...crossCheck(own).map(({ path, message }) => report(target, path, message)));

  const regionsDir = settingsSchema.shape.regionsDir.safeParse(own.regionsDir).data ?? fallback;
  const place: PlaceOf = (path) => ({
    file: target.file,
    ...target.locate?.(target.inFile?.(path) ?? path, "value"),
  });
  const read = { regionsDir, written: own, place };
  if (!checked.value || problems.length > 0) return { ...read, problems };
  return { ...read, settings: normalise(checked.value, regionsDir), problems: [] };
}

/** Our own settings without the namespace; a key without any namespace is a mistake that Pulumi words badly. */
function ownKeys(raw: Record<string, unknown>, target: CheckTarget) {
  const own: [string, unknown][] = [];
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (key.startsWith(NAMESPACE)) own.push([key.slice(NAMESPACE.length), value]);
    else if (!key.includes(":")) problems.push(withoutNamespace(key, target));
  }
  return { own: Object.fromEntries(own), problems };
}

function withoutNamespace(key: string, target: CheckTarget): Problem {
  const near = suggest(key, Object.keys(settingsSchema.shape)) ?? "<setting>";
  const message = refusalText(
    "a key without a namespace",
    "nexus:<setting>",
    `Did you mean "${NAMESPACE}${near}"?`,
  );
  return { file: target.file, ...target.locate?.(["config", key], "key"), path: plain(key), message };
}

function report(target: CheckTarget, path: DataPath, message: string): Problem {
  const place = target.locate?.(target.inFile?.(path) ?? path, "value");
  return {
    file: target.file,
    ...place,
    path: path.length === 0 ? "config" : `${NAMESPACE}${path.join(".")}`,
    message,
  };
}

function normalise(raw: RawSettings, regionsDir: string): Settings {
  const defaults = SETTINGS_DEFAULTS;
  const dockerHost = dockerHostOf(raw);
  const { host, players, disk, worker, admission, connections = {}, restartUnhealthySeconds } = raw;
  return {
    images: raw.images ?? defaults.images,
    imageOverrides: raw.imageOverrides ?? {},
    registries: raw.registries,
    namePrefix: raw.namePrefix ?? defaults.namePrefix,
    dataRoot: raw.dataRoot ?? defaults.dataRoot,
    ...given({ dockerHost, players, disk, worker }),
    regionsDir,
    networks: { ...defaults.networks, ...raw.networks },
    gateway: { ...defaults.gateway, trustedProxies: [], ...raw.gateway },
    publish: raw.publish ?? {},
    profile: raw.profile ?? defaults.profile,
    connections,
    ...(host && { host: { cpuMillis: host.cpu, memoryBytes: host.memory, diskBytes: host.disk } }),
    environment: raw.environment ?? defaults.environment,
    diskLimit:
      raw.diskLimit ?? ((raw.environment ?? defaults.environment) === "production" ? "require" : "accept"),
    healthIntervalSeconds: raw.healthIntervalSeconds ?? defaults.healthIntervalSeconds,
    restartUnhealthySeconds: restartUnhealthySeconds ?? defaults.restartUnhealthySeconds,
    admission: {
      cpuOvercommit: admission?.cpuOvercommit ?? defaults.admission.cpuOvercommit,
      reserve: reserveOf(admission?.reserve),
    },
    prices: { ...defaults.prices, ...raw.prices },
  };
}

function dockerHostOf({ dockerHost, dockerCerts, dockerSsh }: RawSettings): DockerHost | undefined {
  if (dockerCerts === undefined && dockerSsh === undefined) return dockerHost;
  return {
    ...(dockerHost !== undefined && { address: dockerHost }),
    ...(dockerCerts !== undefined && { certs: dockerCerts }),
    ...dockerSsh,
  };
}

/** Without the keys that were not written. */
function given<T extends object>(some: T): T {
  return Object.fromEntries(Object.entries(some).filter(([, value]) => value !== undefined)) as T;
}

function reserveOf(raw: NonNullable<RawSettings["admission"]>["reserve"]): RegionResources {
  const { reserve } = SETTINGS_DEFAULTS.admission;
  return {
    cpuMillis: raw?.cpu ?? reserve.cpuMillis,
    memoryBytes: raw?.memory ?? reserve.memoryBytes,
    diskBytes: raw?.disk ?? reserve.diskBytes,
  };
}
