import { renderProblem } from "../../../config/problems";
import { readRegions } from "../../../regions/load";
import { tempFolder } from "./tempFolder";

/* What messages repeat. */
export const KEYS =
  "name, slot, owner, resources, players, split, connections, governance, economy, startingCredits, startingShip, language, theme, rules";
export const NAME_RULE = "3 to 32 lower-case letters, digits and single hyphens between them";
export const SLOT_RULE =
  "a whole number from 1 to 255. Choose a slot that no other region uses, and never change it later.";
export const OWNER_RULE = "the owner's id in the game: letters, digits and . _ @ + -.";
export const TOO_SMALL = "With less, a region's containers cannot start and serve.";
export const GB_GIB = "1GB is 1,000,000,000 bytes, 1GiB is 1,073,741,824 bytes (1.074GB)";
export const RESERVED =
  "admin, administrator, api, app, central, central-nexus, default, ftp, galactic, help, mail, moderator, my-region, nexus, official, platform, production, root, staff, staging, support, system, test, treaties, www";

/** What is reported for a folder with these files, without the folder's own path. */
export function report(files: Record<string, string | Buffer>): string[] {
  return reportOf(tempFolder(files));
}

export function reportOf(dir: string): string[] {
  const { problems, regions } = readRegions({ dir, projectDir: dir });
  if (problems.length === 0) throw new Error(`no problem was found: ${JSON.stringify(regions)}`);
  return problems.map(renderProblem);
}
