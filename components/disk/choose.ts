import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { Image } from "../../images/image";
import type { Settings } from "../../settings";
import type { DiskMeans } from "./disks";
import { type Enforcement, type EnforcementQuestion, enforcement, notEnforced, refused } from "./enforcement";

/** The settings that decide about disk limits. */
export type DiskSettings = Pick<Settings, "dataRoot" | "namePrefix" | "diskLimit">;

/** Variable that tells the program of a preview not to ask the Docker host. */
export const WITHOUT_HOST = "NEXUS_WITHOUT_HOST";

/**
 * How the disk limits are kept; `none` on a host that cannot, where that is accepted.
 * @param host the Engine's address, for people
 * @param env of the run of Pulumi
 * @throws RunError where it is not accepted
 */
export async function chooseDiskMeans(
  docker: Docker,
  host: string,
  settings: DiskSettings,
  image: Image | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<DiskMeans> {
  const answer = await ask(docker, { ...settings, image }, env);
  if (answer.means === "loop") return "loop";
  const message = notEnforced(host, answer.reason);
  if (settings.diskLimit === "require") throw new pulumi.RunError(refused(message));
  await pulumi.log.warn(message);
  return "none";
}

async function ask(
  docker: Docker,
  question: EnforcementQuestion,
  env: NodeJS.ProcessEnv,
): Promise<Enforcement> {
  if (pulumi.runtime.isDryRun() && env[WITHOUT_HOST] && question.image)
    return { means: "loop", image: question.image };
  try {
    return await enforcement(docker, question);
  } catch (error) {
    // A preview may run where the Docker host cannot be reached, as in CI.
    if (pulumi.runtime.isDryRun() && question.image) return { means: "loop", image: question.image };
    throw error;
  }
}
