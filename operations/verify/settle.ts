import { say } from "../../cli/say";
import { report, summary } from "../../cli/verifyReport";
import { engine } from "../../components/engine";
import type { Platform } from "../../platform";
import { repairFolders } from "../deploy/recover/folders";
import { repairLimits } from "../deploy/recover/limits";
import { failed } from "../failure";
import { planLimits } from "./limits";
import { judge, lookAt, type Verification } from "./verify";

/**
 * The end of an `up`: puts limits and data folders right, which Pulumi cannot see, verifies everything, and says what
 * it found. It comes after Pulumi, because only then the files are what the person agreed to.
 * @throws Stop (exit code 1) when the Engine can no longer be asked
 */
export async function settle(platform: Platform, projectDir: string): Promise<Verification> {
  const docker = engine(platform.settings.dockerHost);
  try {
    const look = () => lookAt(platform, docker, "do not count");
    const first = await look();
    const repaired =
      (await repairLimits(docker, planLimits(first.declared.containers, first.found.containers))) +
      (await repairFolders(docker, platform, projectDir, first));
    const verification = judge(platform.stack, repaired > 0 ? await look() : first);
    say(`\n${verification.gaps.length > 0 ? report(verification) : summary(verification)}`);
    return verification;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw failed(
      `Pulumi is done, but what the host makes of it could not be looked at: ${reason}. Try: npm run verify`,
    );
  }
}
