/** What is known of the operator's game server: what its start and its health test cost. */
import type { CpuNeeds } from "../regions/patience";
import type { WorkerChoice } from "./image";

/** Measured of the real server. */
const REAL: CpuNeeds = { startCpuSeconds: 20, healthCpuSeconds: 0.01 };
const STAND_IN: CpuNeeds = { startCpuSeconds: 1, healthCpuSeconds: 0.01 };
/** Of a health test that nobody described: the real game's tests in Python cost as much. */
const UNKNOWN_TEST = 0.3;

type Choice = Omit<WorkerChoice, "worker">;

/** What the game server needs: what its override says, else what was measured. */
export function serverNeeds({ images, imageOverrides: { gameServer: own } }: Choice): CpuNeeds {
  if (!own) return images === "local" ? STAND_IN : REAL;
  return {
    startCpuSeconds: own.startCpuSeconds ?? REAL.startCpuSeconds,
    healthCpuSeconds: own.healthCpuSeconds ?? (own.health ? UNKNOWN_TEST : REAL.healthCpuSeconds),
  };
}

/** What the worker needs; without a word about it, its start costs what the game server's costs. */
export function workerNeeds(choice: Choice, server: CpuNeeds): CpuNeeds {
  const { gameServer, worker: own } = choice.imageOverrides;
  const isStandIn = choice.images === "local" && !gameServer && !own?.health && own?.ref === undefined;
  return {
    startCpuSeconds: own?.startCpuSeconds ?? server.startCpuSeconds,
    healthCpuSeconds: own?.healthCpuSeconds ?? (isStandIn ? STAND_IN.healthCpuSeconds : UNKNOWN_TEST),
  };
}
