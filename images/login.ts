/** Who this machine is at a registry. Nothing of it reaches the state, a log or a program's arguments. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { dockerLogin, type Login, serverOf } from "./dockerLogin";
import { CredentialError } from "./errors";

/** `nexus:registries.<host>`: a login whose password is in a file of the machine that pulls. */
export interface RegistryLogin {
  username: string;
  /** Relative to the project folder, or absolute. */
  passwordFile: string;
}

/** Where logins are looked for. */
export interface LoginSources {
  /** `nexus:registries` by the registry's host; comes before Docker's own configuration. */
  registries?: Record<string, RegistryLogin>;
  projectDir: string;
  /** @default this process' */
  env?: NodeJS.ProcessEnv;
  /** How long one of Docker's credential helpers may take; default: a minute. */
  helperMs?: number;
}

/**
 * The login for a registry: that of the settings, else Docker's own.
 * @returns undefined where there is none: the registry is asked as anybody
 * @throws CredentialError
 */
export async function loginFor(registry: string, sources: LoginSources): Promise<Login | undefined> {
  const own = sources.registries?.[registry];
  if (!own) return dockerLogin(registry, sources.env, sources.helperMs);
  const setting = `nexus:registries.${registry}`;
  return {
    auth: {
      serveraddress: serverOf(registry),
      username: own.username,
      password: await readPassword(resolve(sources.projectDir, own.passwordFile), `${setting}.passwordFile`),
    },
    from: `"${own.username}" (${setting})`,
  };
}

async function readPassword(file: string, setting: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "does not exist" : `cannot be read (${error.code})`;
    throw new CredentialError(
      `${setting}: ${file} ${why} on this machine. Write the registry's password into it, for this user alone (chmod 600).`,
    );
  });
  const password = text.replace(/[\r\n]+$/, "");
  if (password !== "" && !/[\r\n\0]/.test(password)) return password;
  throw new CredentialError(
    `${setting}: ${file} is to hold the registry's password on one line, and nothing else.`,
  );
}
