import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, InvokeRequest, type InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { engineAccess, engineAddress, providerAccess } from "../../../components/engineHost";
import type { DockerHost } from "../../../settings";
import { badInput } from "../../failure";

/** A network that every Engine has: asking for it makes the provider connect. */
const ASKED = { tok: "docker:index/getNetwork:getNetwork", args: { name: "none" } };
const LIMIT_MS = 60_000;

/** Where the plugin would send its log. Nothing is there, and it tells such a plugin from those of a run of Pulumi. */
export const TRIAL = "127.0.0.1:1";

/**
 * Lets Pulumi's provider ask an Engine on another machine for something, with what the program will tell it. It is a
 * program of its own, with other ideas of ssh and TLS than ours; what fails here would fail in the middle of an `up`.
 * On this machine both open the same socket. Takes half a second.
 * @throws Failure (bad input) with the provider's own words
 */
export async function tryProvider(dockerHost: DockerHost | undefined, projectDir: string): Promise<void> {
  const plugin = findPlugin(projectDir);
  // Without it Pulumi stops by itself, and says how it is installed.
  if (engineAccess(dockerHost).kind === "unix" || !plugin) return;
  // Where Pulumi starts it, so that relative paths mean the same.
  const child = spawn(plugin, [TRIAL], { cwd: projectDir, stdio: ["ignore", "pipe", "ignore"] });
  try {
    const port = await portOf(child.stdout);
    await ask(`127.0.0.1:${port}`, { ...providerAccess(dockerHost) });
  } catch (error) {
    throw badInput(
      `Pulumi's Docker provider cannot use Docker at ${engineAddress(dockerHost)}, which answers to us; nothing was ` +
        `changed. It says: ${words(error as ServiceError)}`,
    );
  } finally {
    child.kill();
  }
}

/** The provider's program, where Pulumi keeps it. */
function findPlugin(projectDir: string): string | undefined {
  const file = join(projectDir, "node_modules/@pulumi/docker/package.json");
  if (!existsSync(file)) return undefined;
  const { pulumi } = JSON.parse(readFileSync(file, "utf8")) as { pulumi?: { version?: string } };
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const plugin = join(home, "plugins", `resource-docker-v${pulumi?.version}`, "pulumi-resource-docker");
  return existsSync(plugin) ? plugin : undefined;
}

/** A plugin prints the port that it listens on as its first line. */
async function portOf(stdout: Readable): Promise<number> {
  for await (const line of createInterface({ input: stdout })) return Number(line);
  throw new Error("it ended without a word");
}

async function ask(address: string, access: Record<string, unknown>): Promise<void> {
  const client = new ResourceProviderClient(address, credentials.createInsecure(), {
    "grpc.enable_http_proxy": 0,
  });
  const deadline = Date.now() + LIMIT_MS;
  try {
    const configure = new ConfigureRequest();
    // As Pulumi sends them: whatever is not a text as JSON.
    const args = Object.entries(access).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    configure.setArgs(Struct.fromJavaScript(Object.fromEntries(args)));
    await new Promise<void>((resolve, reject) =>
      client.configure(configure, new Metadata(), { deadline }, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
    const invoke = new InvokeRequest();
    invoke.setTok(ASKED.tok);
    invoke.setArgs(Struct.fromJavaScript(ASKED.args));
    const answer = await new Promise<InvokeResponse>((resolve, reject) =>
      client.invoke(invoke, new Metadata(), { deadline }, (error, found) =>
        error ? reject(error) : resolve(found),
      ),
    );
    const [failure] = answer.getFailuresList();
    if (failure) throw new Error(failure.getReason());
  } finally {
    client.close();
  }
}

/** The last of the errors that are wrapped into each other says what is wrong. */
function words({ details, message }: Partial<ServiceError>): string {
  const text = (details ?? message ?? "").trim().replaceAll(/\s*\n\s*/g, " ");
  return text.replace(/^.*Error: /, "") || "nothing";
}
