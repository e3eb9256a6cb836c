import { randomBytes } from "node:crypto";
import { docker } from "./containers";

/** One connection to try. */
export interface Target {
  host: string;
  port: number;
}

/**
 * What came of it. `connected` and `refused` both mean that packets got there; `unresolved`, `unreachable` and
 * `timeout` that they did not.
 */
export type Result = "connected" | "refused" | "unreachable" | "timeout" | "unresolved" | "denied" | "error";

/** Runs in the probe: tries every target at once, and prints one result a target. */
const SCRIPT = `
const net = require("node:net");
const words = { ECONNREFUSED: "refused", ENETUNREACH: "unreachable", EHOSTUNREACH: "unreachable",
  ENOTFOUND: "unresolved", EAI_AGAIN: "unresolved", EPERM: "denied", EACCES: "denied", ETIMEDOUT: "timeout" };
const attempt = ({ host, port }) => new Promise((resolve) => {
  const socket = net.connect({ host, port, family: 4 });
  const settle = (result) => { socket.destroy(); resolve(result); };
  const timer = setTimeout(() => settle("timeout"), Number(process.argv[2]));
  socket.on("connect", () => { clearTimeout(timer); settle("connected"); });
  socket.on("error", ({ code }) => { clearTimeout(timer); settle(words[code] ?? "error"); });
});
Promise.all(JSON.parse(process.argv[1]).map(attempt)).then((results) => {
  process.stdout.write(results.join(" "));
  process.exit(0);
});`;

/**
 * Tries connections as a container would: from its own network namespace, with its addresses, routes and names.
 * @param id the container
 * @param name name of the probe, so that it is found if it is left behind
 * @param image an image with Node
 */
export async function probeFrom(
  { id, name, image }: { id: string; name: string; image: string },
  targets: Target[],
  limitMs = 2000,
): Promise<Result[]> {
  const container = await docker.createContainer({
    name: `${name}-${randomBytes(3).toString("hex")}`,
    Image: image,
    Entrypoint: ["node", "-e", SCRIPT, JSON.stringify(targets), String(limitMs)],
    Cmd: [],
    // Names are looked up by blocking threads: one that Docker asks the outside for must not hold up the others.
    Env: ["UV_THREADPOOL_SIZE=128"],
    Tty: true,
    HostConfig: { NetworkMode: `container:${id}`, LogConfig: { Type: "json-file", Config: {} } },
  });
  try {
    await container.start();
    await container.wait();
    const printed = (await container.logs({ stdout: true, stderr: true })).toString("utf8").trim();
    return printed.split(" ") as Result[];
  } finally {
    await container.remove({ force: true });
  }
}
