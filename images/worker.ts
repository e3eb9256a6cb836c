/** Does a region have a worker, and which image does it run? Both are the operator's choice. */

import type { Breach } from "../config/problems";
import { refusalText } from "../config/refusal";
import { SETTINGS_DEFAULTS } from "../config/settingsSchema";
import type { WrittenChoice } from "./choice";
import { serverNeeds, workerNeeds } from "./gameServer";
import type { Image, ImageOverrides, WorkerChoice } from "./image";

/** The local game server works as a worker, too. */
const LOCAL_HEALTH = ["CMD", "/app/healthcheck", "worker"];

/** Do the regions of a stack with these settings have a worker? */
export function hasWorker(choice: WorkerChoice): boolean {
  return choice.worker === undefined ? workerHealth(choice) !== undefined : choice.worker === "run";
}

/**
 * What is wrong with the choice as it is written; empty when nothing is. A worker that nobody can test would never be
 * ready.
 */
export function workerProblems(written: WrittenChoice): Breach[] {
  const { images = SETTINGS_DEFAULTS.images, worker } = written;
  const given = written.imageOverrides ?? {};
  if ((images !== "registry" && images !== "local") || typeof given !== "object") return [];
  // Only whether something is written there counts; what, is another check's.
  const imageOverrides = given as ImageOverrides;
  const isWanted = worker === "run" || (worker === undefined && imageOverrides.worker !== undefined);
  if (!isWanted || workerHealth({ images, imageOverrides })) return [];
  const path = imageOverrides.worker ? ["imageOverrides", "worker"] : ["worker"];
  const message = refusalText(
    "a worker without a health test",
    "one with the command that tells whether it works",
    "Write imageOverrides: worker: health: [CMD, ...], or worker: none for regions without one.",
  );
  return [{ path, message }];
}

/**
 * What a worker runs: an image of its own, or the game server's with another command, another health test, or both.
 * @param gameServer what the stack's game servers run
 * @param pinned adds a reference's digest where it is known
 */
export function workerImage(
  choice: Omit<WorkerChoice, "worker">,
  gameServer: Image,
  pinned: (ref: string) => string,
): Image {
  const { ref, user, command } = choice.imageOverrides.worker ?? {};
  return {
    ref: ref === undefined ? gameServer.ref : pinned(ref),
    user: user ?? gameServer.user,
    ...(command && { command }),
    health: workerHealth(choice),
    needs: workerNeeds(choice, serverNeeds(choice)),
  };
}

/** An image of the worker's own is told nothing by what the game server's image brings. */
function workerHealth({ images, imageOverrides }: Omit<WorkerChoice, "worker">): string[] | undefined {
  const { worker, gameServer } = imageOverrides;
  if (worker?.health || worker?.ref !== undefined) return worker.health;
  if (gameServer) return gameServer.workerHealth;
  return images === "local" ? LOCAL_HEALTH : undefined;
}
