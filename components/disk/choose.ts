import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { Image } from "../../images/table";
import type { Settings } from "../../settings";
import { WITHOUT_HOST } from "./access";
import { type Enforcement, type EnforcementQuestion, enforcement, notEnforced, refused } from "./enforcement";

/** The settings that decide about disk limits. */
export type DiskSettings = Pick<Settings, "dataRoot" | "namePrefix" | "diskLimit">;

/**
 * Image of the keeper of the regions' disks; undefined on a host that cannot keep disk limits where that is accepted.
 * @param host the Engine's address, for people
 * @throws RunError where it is not accepted
 */
export async function chooseKeeper(
  docker: Docker,
  host: string,
  settings: DiskSettings,
  image: Image | undefined,
): Promise<Image | undefined> {
  const answer = await ask(docker, { ...settings, image });
  if (answer.means === "loop") return answer.image;
  const message = notEnforced(host, answer.reason);
  if (settings.diskLimit === "require") throw new pulumi.RunError(refused(message));
  await pulumi.log.warn(message);
  return undefined;
}

async function ask(docker: Docker, question: EnforcementQuestion): Promise<Enforcement> {
  if (pulumi.runtime.isDryRun() && process.env[WITHOUT_HOST] && question.image)
    return { means: "loop", image: question.image };
  try {
    return await enforcement(docker, question);
  } catch (error) {
    // A preview may run where the Docker host cannot be reached, as in CI.
    if (pulumi.runtime.isDryRun() && question.image) return { means: "loop", image: question.image };
    throw error;
  }
}
