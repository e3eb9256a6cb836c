import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import Docker from "dockerode";
import type { DockerHost } from "../settings";
import { CommandSocket } from "./commandSocket";
import { certFiles, engineAccess, folderOf } from "./engineHost";

export { engineAddress } from "./engineHost";

/** An ssh server takes ten connections that have not logged in yet, and the provider opens some as well. */
const SSH_CONNECTIONS = 4;

/**
 * Client of the Docker Engine API for what the provider has no resource for. It talks to nobody yet.
 * @param dockerHost of the stack's settings; default: what Docker's own client would take
 * @throws Error when the address is not one, or a file of its certificates cannot be read
 */
export function engine(dockerHost?: DockerHost): Docker {
  const access = engineAccess(dockerHost);
  const folder = folderOf(dockerHost);
  if (access.kind === "unix") return client({ socketPath: access.socketPath });
  if (access.kind === "ssh") {
    return client({ protocol: "http", host: "docker", port: 80, agent: sshAgent(access.sshArgs, folder) });
  }
  const { hostname: host, port, certs } = access;
  if (!certs) return client({ protocol: "http", host, port });
  const files = certFiles(folder, certs);
  const [ca, cert, key] = [files.ca, files.cert, files.key].map((file) => readFileSync(file));
  return client({ protocol: "https", host, port, ca, cert, key });
}

interface ClientOptions extends Docker.DockerOptions {
  agent?: Agent;
}

/** The client mixes what it is given with what it finds in the environment, so it must not find anything. */
function client(options: ClientOptions): Docker {
  const { DOCKER_HOST } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    return new Docker(options);
  } finally {
    if (DOCKER_HOST !== undefined) process.env.DOCKER_HOST = DOCKER_HOST;
  }
}

const agents = new Map<string, Agent>();

/** Logging in takes long, so all clients of one host share their connections. */
function sshAgent(args: string[], cwd: string): Agent {
  const key = JSON.stringify([cwd, args]);
  const known = agents.get(key);
  if (known) return known;
  const agent = new Agent({ keepAlive: true, maxSockets: SSH_CONNECTIONS });
  agent.createConnection = () => new CommandSocket("ssh", args, cwd);
  agents.set(key, agent);
  return agent;
}

/** For `catch`: undefined where the Engine has no such object any more. @throws any other error */
export function gone(error: { statusCode?: number }): undefined {
  if (error.statusCode !== 404) throw error;
}
