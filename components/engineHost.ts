import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { DockerHost, EngineHost } from "../settings";

/** An address, and what it takes to talk to it. The paths are as they were written. */
export type EngineAccess =
  | { kind: "unix"; address: string; socketPath: string }
  | { kind: "tcp"; address: string; hostname: string; port: number; certs?: string }
  | { kind: "ssh"; address: string; sshOptions: string[]; sshArgs: string[] };

/** What the Docker provider is told, so that it goes the same way. All of it lands in the state; none of it is secret. */
export interface ProviderAccess {
  host?: string;
  certPath?: string;
  sshOpts?: string[];
}

/** Address of the Engine that the provider and we use. */
export function engineAddress(dockerHost?: DockerHost): string {
  return asHost(dockerHost).address || process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
}

/**
 * How an Engine is reached: by the setting, else by the variables that Docker's own client knows.
 * @throws Error when the address is not one
 */
export function engineAccess(dockerHost?: DockerHost): EngineAccess {
  const host = asHost(dockerHost);
  const address = engineAddress(host);
  const url = parse(address);
  if (url.protocol === "unix:") return { kind: "unix", address, socketPath: url.pathname };
  if (url.protocol === "ssh:") {
    const sshOptions = sshOptionsOf(host);
    return { kind: "ssh", address, sshOptions, sshArgs: sshArgsOf(url, sshOptions) };
  }
  const certs = certsOf(host);
  const port = Number(url.port || (certs ? 2376 : 2375));
  return {
    ...{ kind: "tcp", address, hostname: url.hostname.replace(/^\[|\]$/g, ""), port },
    ...(certs && { certs }),
  };
}

/**
 * The same for the provider. It reads `DOCKER_CERT_PATH` by itself, so a folder that this names is not told: it would be
 * in the state, and a preview elsewhere would show the provider as changed. It reads it for every kind of address, so
 * where there is no TLS it is always told so.
 */
export function providerAccess(dockerHost?: DockerHost): ProviderAccess {
  const access = engineAccess(dockerHost);
  const { address: host, certs: setting } = asHost(dockerHost);
  const isRead = !setting && process.env.DOCKER_CERT_PATH;
  return {
    ...(host && { host }),
    ...(access.kind === "tcp" && access.certs && !isRead && { certPath: access.certs }),
    ...(access.kind !== "tcp" && { certPath: "" }),
    ...(access.kind === "ssh" && { sshOpts: access.sshOptions }),
  };
}

/** The folder where relative paths of an Engine's settings start. */
export function folderOf(dockerHost?: DockerHost): string {
  return asHost(dockerHost).folder ?? process.cwd();
}

/** The three files of a folder of certificates. */
export function certFiles(folder: string, certs: string): { ca: string; cert: string; key: string } {
  const at = (name: string): string => resolve(folder, certs, name);
  return { ca: at("ca.pem"), cert: at("cert.pem"), key: at("key.pem") };
}

function asHost(dockerHost: DockerHost = {}): EngineHost {
  return typeof dockerHost === "string" ? { address: dockerHost } : dockerHost;
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && ["unix:", "ssh:", "tcp:", "http:", "https:"].includes(url.protocol)) return url;
  throw new Error(
    `"${address}" is not the address of a Docker Engine: allowed is unix:///path, tcp://host:port or ssh://user@host`,
  );
}

/** Docker's rule, but for one thing: a folder of certificates alone, without `DOCKER_TLS_VERIFY`, means TLS as well. */
function certsOf({ certs }: EngineHost): string | undefined {
  const { DOCKER_CERT_PATH, DOCKER_TLS_VERIFY } = process.env;
  if (certs) return certs;
  if (DOCKER_CERT_PATH) return isAbsolute(DOCKER_CERT_PATH) ? DOCKER_CERT_PATH : resolve(DOCKER_CERT_PATH);
  return DOCKER_TLS_VERIFY ? join(homedir(), ".docker") : undefined;
}

/**
 * ssh takes the first value that it is given, so what a person says in `DOCKER_SSH_OPTS` comes first. Nobody is there
 * to be asked for a host key or a passphrase: an unknown key is refused, whatever ssh's own configuration says.
 */
function sshOptionsOf({ knownHosts, keyFile }: EngineHost): string[] {
  return [
    ...(process.env.DOCKER_SSH_OPTS ?? "").split(/\s+/).filter(Boolean),
    ...(knownHosts ? ["-o", `UserKnownHostsFile=${knownHosts}`] : []),
    ...(keyFile ? ["-o", `IdentityFile=${keyFile}`, "-o", "IdentitiesOnly=yes"] : []),
    ...["-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"],
    ...["-o", "ServerAliveInterval=15", "-T"],
  ];
}

/** What Docker's client and the provider run as well: the Engine's own socket, at the end of an ssh session. */
function sshArgsOf(url: URL, options: string[]): string[] {
  return [
    ...(url.username ? ["-l", decodeURIComponent(url.username)] : []),
    ...(url.port ? ["-p", url.port] : []),
    ...[...options, "--", url.hostname, "docker system dial-stdio"],
  ];
}
