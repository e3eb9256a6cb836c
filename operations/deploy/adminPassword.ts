import { existsSync } from "node:fs";
import { badInput } from "../failure";
import { adminPasswordIn } from "./pulumi/deployment";
import { openStack, shortName } from "./state/open";
import { settingsPath } from "./state/settingsFile";
import { exportStack } from "./state/stack";

/**
 * The password that the first admin had at a server's first start. Decrypted in memory alone: nothing writes it anywhere.
 * @param region undefined: of the Nexus
 * @throws Failure (bad input) when there is no such stack or region
 */
export async function adminPassword(projectDir: string, stack: string, region?: string): Promise<string> {
  if (!existsSync(settingsPath(projectDir, shortName(stack)))) {
    throw badInput(`Stack "${stack}" has no settings: there is no Pulumi.${shortName(stack)}.yaml.`);
  }
  const open = openStack(projectDir, stack, "change");
  const state = await exportStack(open, ["--show-secrets"]);
  const password = state && adminPasswordIn(state, region);
  if (password !== undefined) return password;
  const whose = region === undefined ? "no Nexus" : `no region "${region}"`;
  throw badInput(
    `Stack "${open.stack}" has ${whose}. Bring it up first, and check the name: npm run region -- list`,
  );
}
