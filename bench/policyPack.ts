import { renameSync } from "node:fs";
import { join } from "node:path";
import { pretendLargerHost } from "../test/support/largerHost";
import { type Project, regionFile, succeeded } from "../test/support/project";
import { median, printRatio, spread, timed } from "./figures";

const SIZES = [2, 10];
const ROUNDS = 5;
const GOAL = 1.5;

/** A preview with the policy pack against the same preview without it. */
export async function policyPack(project: Project): Promise<void> {
  const [pack, aside] = [join(project.dir, "policies"), join(project.dir, "policies-aside")];
  const once = async () => {
    const { seconds, value } = await timed(() => project.cli(["preview", "--stack", project.stack]));
    succeeded(value);
    return seconds;
  };
  pretendLargerHost(project);
  let slot = 0;
  for (const size of SIZES) {
    while (slot < size) {
      slot += 1;
      project.addRegion(regionFile(`region-${slot}`, slot));
    }
    await once();
    const [withPack, without]: [number[], number[]] = [[], []];
    // In turns, so that a busy moment of the machine hits both.
    for (let round = 0; round < ROUNDS; round += 1) {
      withPack.push(await once());
      renameSync(pack, aside);
      without.push(await once());
      renameSync(aside, pack);
    }
    console.log(`${String(size).padStart(3)} regions, with policies      ${spread(withPack)}`);
    console.log(`${String(size).padStart(3)} regions, without policies   ${spread(without)}`);
    printRatio(`policy-pack, ${size} regions`, median(withPack) / median(without), GOAL);
  }
}
