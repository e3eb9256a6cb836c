import { type CheckTarget, check, problemAt } from "./config/check";
import type { Breach, Problem } from "./config/problems";
import { isMap, plain, refusalText, show } from "./config/refusal";
import { crossCheck } from "./config/settingsRules";
import { type RawSettings, SETTINGS_DEFAULTS, settingsSchema } from "./config/settingsSchema";
import { suggest } from "./config/suggest";
import type { YamlSource } from "./config/yamlSource";
import type { ImageOverrides } from "./images/image";
import { sizeOf } from "./regions/normalise";

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
export type Settings = ReturnType<typeof normalise>;

/** The settings as far as they could be read: complete, or `regionsDir` alone with the problems of the rest. */
export type SettingsResult = {
  regionsDir: string;
  /** The settings as they are written, without their namespace, also where they are wrong. */
  written?: Record<string, unknown>;
  /** Says where a setting is written, or the map that it would stand in. */
  report: (breach: Breach) => Problem;
} & ({ settings: Settings; problems: [] } | { settings?: undefined; problems: Problem[] });

const NAMESPACE = "nexus:";

/**
 * A stack's settings from the `config:` map of its `Pulumi.<stack>.yaml`, with defaults filled in.
 *
 * @param raw keys with their namespace (`nexus:profile`); those of other namespaces are ignored
 * @param source the file that `raw` came from, for line numbers
 * @param folder where relative paths of the Engine's settings start, wherever a command is run
 */
export function readSettings(
  stack: string,
  raw: unknown,
  source?: YamlSource,
  folder?: string,
): SettingsResult {
  const target: CheckTarget = {
    file: source?.file ?? `Pulumi.${stack}.yaml`,
    locate: source?.locate,
    inFile: ([key, ...rest]) => (key === undefined ? ["config"] : ["config", `${NAMESPACE}${key}`, ...rest]),
    prefix: NAMESPACE,
  };
  const fallback = `regions/${stack}`;
  const report = (breach: Breach): Problem => problemAt(target, breach);
  if (raw !== undefined && raw !== null && !isMap(raw)) {
    const message = refusalText(
      show(raw),
      "a map of settings",
      `Write one setting a line, such as ${NAMESPACE}profile: laptop.`,
    );
    return { regionsDir: fallback, report, problems: [{ ...report({ path: [], message }), path: "config" }] };
  }
  const { own, problems } = ownKeys(raw ?? {}, target);
  const checked = check(settingsSchema, own, target);
  problems.push(...(checked.problems ?? []), ...crossCheck(own).map(report));

  const regionsDir = settingsSchema.shape.regionsDir.safeParse(own.regionsDir).data ?? fallback;
  const read = { regionsDir, written: own, report };
  if (!checked.value || problems.length > 0) return { ...read, problems };
  return { ...read, settings: normalise(checked.value, regionsDir, folder), problems: [] };
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

/** Fills in the defaults: the only place that does. Sizes are in the model's units. */
function normalise(
  { dockerHost, dockerCerts, dockerSsh, host, admission, ...raw }: RawSettings,
  regionsDir: string,
  folder: string | undefined,
) {
  const defaults = SETTINGS_DEFAULTS;
  const { reserve } = defaults.admission;
  const imageOverrides: ImageOverrides = raw.imageOverrides ?? {};
  const environment = raw.environment ?? defaults.environment;
  const engine = dockerHostOf({ dockerHost, dockerCerts, dockerSsh }, folder);
  return {
    ...defaults,
    publish: {},
    connections: {},
    diskLimit: environment === "production" ? ("require" as const) : ("accept" as const),
    ...raw,
    imageOverrides,
    // Its paths are as they are written: the provider puts them into the state, which other machines read.
    ...(engine !== undefined && { dockerHost: engine }),
    regionsDir,
    networks: { ...defaults.networks, ...raw.networks },
    gateway: { ...defaults.gateway, trustedProxies: [], ...raw.gateway },
    environment,
    ...(host && { host: sizeOf(host, reserve) }),
    admission: { ...defaults.admission, ...admission, reserve: sizeOf(admission?.reserve, reserve) },
    prices: { ...defaults.prices, ...raw.prices },
  };
}

function dockerHostOf(
  { dockerHost, dockerCerts, dockerSsh }: Pick<RawSettings, "dockerHost" | "dockerCerts" | "dockerSsh">,
  folder: string | undefined,
): DockerHost | undefined {
  if (dockerCerts === undefined && dockerSsh === undefined) return dockerHost;
  return {
    ...(dockerHost !== undefined && { address: dockerHost }),
    ...(dockerCerts !== undefined && { certs: dockerCerts }),
    ...dockerSsh,
    ...(folder !== undefined && { folder }),
  };
}
