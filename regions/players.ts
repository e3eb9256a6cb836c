import { memoryForPlayers, regionBudget, regionMemoryForConnections } from "../catalog/regionBudget";
import { connectionsIn, connectionsRefusal } from "../config/connections";
import type { Breach } from "../config/problems";
import { refusalText } from "../config/refusal";
import { webWorkersFor } from "../config/tuning";
import { formatSize, GB } from "../config/units";
import { REGION_LIMITS } from "./defaults";
import type { RegionConfig } from "./model";

/** Advice names memory in steps of this many bytes. */
const STEP = GB / 10;

/**
 * Why a region's memory (in bytes) cannot hold so many players; undefined when it can. More players need more server
 * processes and more connections, which must fit into the server's and the database's part of the memory.
 * @param advice what to do, given the least memory that would do, such as `11.2GB`
 */
export function playersRefusal(
  players: number,
  memoryBytes: number,
  { connections, split }: Pick<RegionConfig, "connections" | "split">,
  advice: (least: string) => string,
): string | undefined {
  const needed = memoryForPlayers(players, connections, split);
  if (memoryBytes >= needed) return undefined;
  const least = inSteps(needed);
  return refusalText(
    `${players} with ${formatSize(memoryBytes)} of memory`,
    `at least ${least} of memory for ${players} players`,
    advice(least),
  );
}

/** Why a region's connections cannot be given out as its file says; undefined when they can. */
export function regionConnectionsRefusal({
  players,
  resources,
  connections,
  split,
}: Pick<RegionConfig, "players" | "resources" | "connections" | "split">): Breach | undefined {
  const { max } = connections;
  const most = connectionsIn(regionBudget(resources, players, { split }).limits.db.memoryBytes);
  if (max !== undefined && max > most) {
    const size = formatSize(resources.memoryBytes);
    const least = regionMemoryForConnections(max, split);
    const orLarger = least > REGION_LIMITS.memory.max ? "" : `, or resources: memory: ${inSteps(least)}`;
    const message = refusalText(
      String(max),
      `at most ${most}, which the database of a region with ${size} of memory holds`,
      `Write fewer${orLarger}.`,
    );
    return { path: ["connections", "max"], message };
  }
  const refused = connectionsRefusal(players, webWorkersFor(players), connections);
  return refused && { ...refused, path: ["connections", ...refused.path] };
}

function inSteps(bytes: number): string {
  return formatSize(Math.ceil(bytes / STEP) * STEP);
}
