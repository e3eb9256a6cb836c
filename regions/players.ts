import { refusalText } from "../config/refusal";
import { formatSize, GB } from "../config/units";
import { memoryForPlayers } from "./budget";

/** Advice names memory in steps of this many bytes. */
const STEP = GB / 10;

/**
 * Why a region's memory (in bytes) cannot hold so many players; undefined when it can. More players need more server
 * processes, which must fit into the server's part of the memory.
 * @param advice what to do, given the least memory that would do, such as `7.1GB`
 */
export function playersRefusal(
  players: number,
  memoryBytes: number,
  advice: (least: string) => string,
): string | undefined {
  const needed = memoryForPlayers(players);
  if (memoryBytes >= needed) return undefined;
  const least = formatSize(Math.ceil(needed / STEP) * STEP);
  return refusalText(
    `${players} with ${formatSize(memoryBytes)} of memory`,
    `at least ${least} of memory for ${players} players`,
    advice(least),
  );
}
