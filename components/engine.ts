import Docker from "dockerode";

/** Address of the Engine that the provider and we use. */
export function engineAddress(dockerHost?: string): string {
  return dockerHost || process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
}

/**
 * Client of the Docker Engine API for what the provider has no resource for.
 * @param host `unix://…`, `tcp://…` or `ssh://…`; default: `DOCKER_HOST`, else the local socket.
 */
export function engine(host?: string): Docker {
  const address = host ?? process.env.DOCKER_HOST;
  if (!address) {
    return new Docker({ socketPath: "/var/run/docker.sock" });
  }
  const url = new URL(address);
  if (url.protocol === "unix:") {
    return new Docker({ socketPath: url.pathname });
  }
  // docker-modem itself understands tcp:// and ssh:// in DOCKER_HOST and TLS settings in DOCKER_CERT_PATH.
  return new Docker({
    protocol: url.protocol === "ssh:" ? "ssh" : process.env.DOCKER_TLS_VERIFY ? "https" : "http",
    host: url.hostname,
    port: url.port || undefined,
    username: url.username || undefined,
  });
}
