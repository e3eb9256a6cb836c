import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run as runCommand } from "../test/support/command";
import { succeeded } from "../test/support/project";
import { composeFile } from "./composeFile";
import { peerTool } from "./peerTools";
import { ORDER, type Peer, prepareTwin, type Twin, twinParts } from "./regionTwin";

/** `docker compose up -d` of a file that is there; the folders for its data are there as well. */
export const COMPOSE: Peer = {
  name: "docker compose up",
  async prepare(twin) {
    const { containers, network } = await twinParts(twin);
    // JSON is YAML.
    writeFileSync(fileOf(twin), JSON.stringify(composeFile(containers, network, ORDER), undefined, 2));
    await prepareTwin(twin);
  },
  async start(twin) {
    await compose(twin, "up", "--detach");
  },
  async remove(twin) {
    await compose(twin, "down", "--timeout", "0");
    rmSync(fileOf(twin));
  },
};

async function compose(twin: Twin, ...args: string[]): Promise<void> {
  const { project, name } = twin;
  const line = ["--project-name", `${project.prefix}${name}`, "--file", fileOf(twin), ...args];
  const where = { cwd: project.dir, env: project.env };
  succeeded(await runCommand(peerTool(project.testRun, "docker-compose"), line, where));
}

function fileOf({ project, name }: Twin): string {
  return join(project.dir, "..", `${name}-compose.json`);
}
