import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A person's own `pulumi login`. */
export interface Login {
  /** Address of the backend they logged in to. */
  backend: string;
  /** Folder whose `credentials.json` says so. */
  folder: string;
}

/**
 * The backend that the person logged in to, if any. The folders are asked in the order in which pulumi would, and
 * `~/.pulumi` last: npm scripts run pulumi with a PULUMI_HOME of their own, and the person's login must still count.
 */
export function findLogin(env: NodeJS.ProcessEnv, home = homedir()): Login | undefined {
  const folders = [env.PULUMI_CREDENTIALS_PATH, env.PULUMI_HOME, join(home, ".pulumi")];
  for (const folder of folders) {
    const backend = folder && currentBackend(join(folder, "credentials.json"));
    if (folder && backend) return { backend, folder };
  }
  return undefined;
}

function currentBackend(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { current } = JSON.parse(readFileSync(file, "utf8")) as { current?: unknown };
    return typeof current === "string" && current !== "" ? current : undefined;
  } catch {
    // Unreadable or not JSON: pulumi treats it as no login, too.
    return undefined;
  }
}
