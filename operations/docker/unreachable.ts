import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { CommandError } from "../../components/commandSocket";
import { certFiles, engineAccess, engineAddress, folderOf } from "../../components/engineHost";
import type { DockerHost } from "../../settings";
import { badInput, type Failure } from "../failure";

const WHERE = "Set nexus:dockerHost in the stack's settings, or DOCKER_HOST, if it is somewhere else.";

/** What to do when the Engine cannot be used, by the reason that the system, ssh or TLS gave. */
export function unreachable(address: string, error: NodeJS.ErrnoException): Failure {
  if (error instanceof CommandError) return badInput(sshProblem(address, error));
  if (error.code === "EACCES" || error.code === "EPERM") {
    return badInput(
      `Docker at ${address} refuses permission to this user. Add the user to the group "docker" ` +
        "(sudo usermod -aG docker $USER, then log in again), or run as root.",
    );
  }
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") {
    return badInput(
      `Docker is not running: nothing answers at ${address} (${error.code}). Start it ` +
        `(sudo systemctl start docker, or Docker Desktop). ${WHERE}`,
    );
  }
  const tls = tlsProblem(address, error);
  if (tls) return badInput(tls);
  return badInput(
    `Docker at ${address} cannot be used: ${error.message.trim()}. Check that it runs and is reachable. ${WHERE}`,
  );
}

/** ssh says why in words, and ends with 255; other codes are the remote command's. */
function sshProblem(address: string, { said, exitCode, message }: CommandError): string {
  const { hostname, port } = new URL(address);
  const at = `${port ? `-p ${port} ` : ""}${hostname}`;
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(said)) {
    const file = /key in (\S+:\d+)/.exec(said)?.[1];
    return (
      `The host at ${address} shows another key than the one that is known${file ? ` (${file})` : ""}: it was installed ` +
      "anew, or somebody stands in between. Nothing was sent. Compare the key with the one on the host's own console " +
      `(${lookAtKey(at)}), and only then replace the line.`
    );
  }
  if (/Host key verification failed/.test(said)) {
    return (
      `The key of the host at ${address} is not known, so it could be anybody. Nothing was sent. Look at it ` +
      `(${lookAtKey(at)}), compare it with the host's own console, and add what \`ssh-keyscan ${at}\` prints to ` +
      "~/.ssh/known_hosts, or to the file that nexus:dockerSsh.knownHosts names."
    );
  }
  if (/Permission denied/.test(said)) {
    return (
      `The host at ${address} accepts no key that ssh has (${lastLine(said)}). Load one (ssh-add), name its file ` +
      "(nexus:dockerSsh.keyFile, or ~/.ssh/config), or add its public half to the host's ~/.ssh/authorized_keys."
    );
  }
  if (/Too many authentication failures/.test(said)) {
    return `The host at ${address} was shown too many keys. Name the right one (nexus:dockerSsh.keyFile).`;
  }
  if (exitCode === null && /ENOENT/.test(said)) {
    return `Docker at ${address} needs the program ssh, which is not here. Install it (sudo apt-get install openssh-client).`;
  }
  if (exitCode === 127) {
    return `The host at ${address} has no program docker on the PATH of ssh's sessions. Install Docker's client there.`;
  }
  const reason = lastLine(said) || message;
  return exitCode === 255
    ? `The host at ${address} cannot be reached: ${reason} Check the address, and that its ssh server runs. ${WHERE}`
    : `The host at ${address} is reached, and its Docker cannot be used: ${reason} Look at it there: ssh ${at} docker version`;
}

function lookAtKey(at: string): string {
  return `ssh-keyscan ${at} | ssh-keygen -lf -`;
}

function lastLine(text: string): string {
  const line = text.trim().split("\n").at(-1)?.trim() ?? "";
  return line && !line.endsWith(".") ? `${line}.` : line;
}

const UNTRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
]);

function tlsProblem(address: string, { code = "", message }: NodeJS.ErrnoException): string | undefined {
  if (UNTRUSTED.has(code)) {
    return (
      `The certificate of Docker at ${address} was not issued by the authority in ca.pem (${code}). Nothing was sent. ` +
      "Take the ca.pem that belongs to that host (nexus:dockerCerts, or DOCKER_CERT_PATH)."
    );
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `The certificate of Docker at ${address} is for other names: ${message}. Use one of them in the address.`;
  }
  if (code === "CERT_HAS_EXPIRED") {
    return `The certificate of Docker at ${address} has expired. Issue a new one on that host.`;
  }
  if (/alert|ERR_SSL_(TLSV|SSLV3)/i.test(`${code} ${message}`)) {
    return (
      `Docker at ${address} does not accept the client certificate (${code || message}). Take one that its own ` +
      "authority issued (nexus:dockerCerts, or DOCKER_CERT_PATH)."
    );
  }
  if (/wrong.version.number|packet length too long/i.test(`${code} ${message}`)) {
    return `Docker at ${address} speaks no TLS, and there are certificates for it. Check the port: 2376 is usual with TLS.`;
  }
  if (/HTTP request to an HTTPS server/i.test(message)) {
    return `Docker at ${address} wants TLS. Name the folder with its certificates (nexus:dockerCerts, or DOCKER_CERT_PATH).`;
  }
  return undefined;
}

/**
 * What is wrong with a client's own certificates; undefined when nothing is, or none are used. The host would only say
 * that it does not accept them.
 */
export function certificateProblem(dockerHost?: DockerHost, now = new Date()): string | undefined {
  const access = engineAccess(dockerHost);
  if (access.kind !== "tcp" || access.certs === undefined) return undefined;
  const files = certFiles(folderOf(dockerHost), access.certs);
  const from = `for Docker at ${engineAddress(dockerHost)} (nexus:dockerCerts, or DOCKER_CERT_PATH)`;
  for (const file of Object.values(files)) {
    try {
      readFileSync(file);
    } catch (error) {
      return `${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); it is needed ${from}.`;
    }
  }
  try {
    const certificate = new X509Certificate(readFileSync(files.cert));
    const [begin, end] = [certificate.validFrom, certificate.validTo].map((text) => new Date(text));
    if (end && end < now) {
      return `${files.cert}: the client certificate expired on ${day(end)}; it is needed ${from}. Issue a new one.`;
    }
    if (begin && begin > now) {
      return `${files.cert}: the client certificate is valid from ${day(begin)} on; it is needed ${from}. Check the clock.`;
    }
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key)))) {
      return `${files.key}: is not the key of ${files.cert}; both are needed ${from}.`;
    }
  } catch (error) {
    return `${files.cert} and ${files.key}: are not a certificate and its key in PEM form (${(error as Error).message}); they are needed ${from}.`;
  }
  return undefined;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
