import { engine } from "../../components/engine";
import type { Platform } from "../../platform";
import { repairFolders } from "../deploy/recover/folders";
import { repairLimits } from "../deploy/recover/limits";
import { failed } from "../failure";
import type { Reporter } from "../reporter";
import { planLimits } from "./limits";
import { judge, lookAt, type Verification } from "./verify";

/**
 * The end of an `up`: puts limits and data folders right, which Pulumi cannot see, and verifies everything.
 * It comes after Pulumi, because only then the files are what the person agreed to.
 * @throws Failure when the Engine can no longer be asked
 */
export async function settle(
  platform: Platform,
  projectDir: string,
  reporter: Reporter,
): Promise<Verification> {
  const docker = engine(platform.settings.dockerHost);
  try {
    const look = () => lookAt(platform, docker, "do not count");
    const first = await look();
    const repaired =
      (await repairLimits(docker, planLimits(first.declared.containers, first.found.containers), reporter)) +
      (await repairFolders(docker, platform, projectDir, first, reporter));
    return judge(platform.stack, repaired > 0 ? await look() : first);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failed(
      `Pulumi is done, but what the host makes of it could not be looked at: ${reason}. Try: npm run verify`,
    );
  }
}
