/**
 * Logins that Docker's own configuration holds (`docker login`), credential helpers included. No npm package does this
 * alone, and Docker's command line need not be installed.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { sendToGroup } from "../setup/exec";
import { CredentialError } from "./errors";
import { DOCKER_HUB } from "./reference";

/** A login, as the Engine takes it. */
export interface Login {
  auth: { serveraddress: string; username: string } & ({ password: string } | { identitytoken: string });
  /** Whose it is and where it was found, for messages. */
  from: string;
}

/** Docker's commands store the login of Docker Hub under this name. */
const HUB_SERVER = "https://index.docker.io/v1/";

/** The server of a registry, as Docker's commands name it: an Engine sends a login to no other one. */
export function serverOf(registry: string): string {
  return registry === DOCKER_HUB ? HUB_SERVER : registry;
}

/** A helper may have to unlock a key ring; one that waits for a person who is not there must not hang an `up`. */
const HELPER_MS = 60_000;

/** What helpers print, with an exit code, for a registry that they have no login for. */
const NOT_THERE = "credentials not found in native keychain";

const entrySchema = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});

const configSchema = z.looseObject({
  auths: z.record(z.string(), entrySchema).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

const helperSchema = z.looseObject({ Username: z.string(), Secret: z.string() });

type DockerConfig = z.infer<typeof configSchema>;

/**
 * The login for a registry, by Docker's own order: its credential helper, the common helper, what is written down.
 * @param env where `DOCKER_CONFIG`, `HOME` and the PATH of the helpers are looked up
 * @param helperMs how long a helper may take
 * @returns undefined when Docker has none
 * @throws CredentialError when the configuration or a helper cannot be used
 */
export async function dockerLogin(
  registry: string,
  env: NodeJS.ProcessEnv = process.env,
  helperMs: number = HELPER_MS,
): Promise<Login | undefined> {
  const file = join(env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker"), "config.json");
  const config = await readConfig(file);
  const server = serverOf(registry);
  const helper = config.credHelpers?.[server] ?? config.credHelpers?.[registry] ?? config.credsStore;
  const kept = helper ? await askHelper(helper, server, file, { env, limitMs: helperMs }) : undefined;
  return kept ?? written(config, server, file);
}

async function readConfig(file: string): Promise<DockerConfig> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return {};
    throw new CredentialError(
      `${file}: Docker's configuration cannot be read (${code}). Set its mode right.`,
    );
  }
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (error) {
    // The parser's own message may quote the file, which holds passwords.
    const where =
      error instanceof z.ZodError ? `: ${error.issues[0]?.path.join(".") || "the whole file"}` : "";
    const what = error instanceof z.ZodError ? "has another form than Docker's" : "is not JSON";
    throw new CredentialError(
      `${file}: Docker's configuration ${what}${where}. Correct it, or move it away and run docker login again.`,
    );
  }
}

function written({ auths = {} }: DockerConfig, server: string, file: string): Login | undefined {
  // The exact name first: an older entry for the same host may be left from an earlier version of Docker.
  const names = Object.keys(auths);
  const key = names.find((name) => name === server) ?? names.find((name) => hostOf(name) === hostOf(server));
  const entry = key === undefined ? undefined : auths[key];
  if (!entry) return undefined;
  const { username = "", password = "" } = entry.auth ? decoded(entry.auth, `${file}: auths.${key}`) : entry;
  if (entry.identitytoken) return tokenLogin(username, entry.identitytoken, server, file);
  return username === "" ? undefined : passwordLogin(username, password, server, file);
}

/** Old versions of Docker wrote `https://host/v1/`. */
function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
}

function decoded(auth: string, where: string): { username: string; password: string } {
  const text = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = text.indexOf(":");
  if (colon < 0) {
    throw new CredentialError(`${where}.auth is no base64 of "name:password". Run docker login again.`);
  }
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function askHelper(
  name: string,
  server: string,
  file: string,
  how: Parameters<typeof runHelper>[2],
): Promise<Login | undefined> {
  const program = `docker-credential-${name}`;
  const complain = (what: string): CredentialError =>
    new CredentialError(
      `${file}: Docker's credential helper ${program} ${what} (asked for ${server}). Mend it, or take it out of that file.`,
    );
  if (!/^[\w.-]+$/.test(name)) throw complain("has a name that no program can have");
  const { code, stdout } = await runHelper(program, server, how).catch((error: NodeJS.ErrnoException) => {
    throw complain(error.code === "ENOENT" ? "is not on the PATH" : `cannot be run: ${error.message}`);
  });
  if (code === "late") throw complain(`did not answer within ${how.limitMs / 1000} s`);
  if (code !== 0) {
    if (stdout.trim() === NOT_THERE) return undefined;
    throw complain(`failed: ${oneLine(stdout)}`);
  }
  const answer = helperSchema.safeParse(parsed(stdout));
  // What it printed may be the password.
  if (!answer.success) throw complain("did not answer with a Username and a Secret as JSON");
  const { Username, Secret } = answer.data;
  // Helpers keep tokens under this name.
  if (Username === "<token>") return tokenLogin("", Secret, server, program);
  return passwordLogin(Username, Secret, server, program);
}

function runHelper(
  program: string,
  server: string,
  { env, limitMs }: { env: NodeJS.ProcessEnv; limitMs: number },
): Promise<{ code: number | null | "late"; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], { env, stdio: ["pipe", "pipe", "ignore"], detached: true });
    let stdout = "";
    // With all that it started: what it waits for may be a program of its own, which would hold our pipe open.
    const timer = setTimeout(() => {
      resolve({ code: "late", stdout });
      child.stdout.destroy();
      sendToGroup(child.pid, "SIGKILL");
    }, limitMs);
    child.stdout.setEncoding("utf8").on("data", (data) => {
      stdout = (stdout + data).slice(0, 64 * 1024);
    });
    // One that reads nothing may end first; its exit code tells what happened.
    child.stdin.on("error", () => undefined);
    child.stdin.end(server);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout }));
    for (const end of ["error", "close"]) child.on(end, () => clearTimeout(timer));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.trim().split("\n")[0]?.slice(0, 200) || "it printed nothing";
}

function passwordLogin(username: string, password: string, server: string, from: string): Login {
  return { auth: { username, password, serveraddress: server }, from: `"${username}" (${from})` };
}

function tokenLogin(username: string, identitytoken: string, server: string, from: string): Login {
  return { auth: { username, identitytoken, serveraddress: server }, from: `a token (${from})` };
}
