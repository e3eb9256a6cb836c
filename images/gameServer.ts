/** What is known of the operator's game server: how it is tested, and what its start and its test cost. */
import type { CpuNeeds } from "../regions/patience";
import type { WorkerChoice } from "./worker";

const BASH_TEST = [
  "exec 3<>/dev/tcp/127.0.0.1/8080",
  'printf "GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" >&3',
  "read -r -t 4 line <&3",
  '[[ $line == "HTTP/1."*" 200 "* ]]',
].join(" && ");
const PYTHON_TEST = "import urllib.request as r; r.urlopen('http://localhost:8080/health', timeout=4)";

/**
 * The real game server's image has Python and no curl, and like all of Debian's it has bash, which asks for a thirtieth
 * of what it costs to start Python. Only the host name `localhost` passes the server's host check.
 */
export const SERVER_HEALTH = [
  "CMD-SHELL",
  `if [ -x /bin/bash ]; then exec /bin/bash -c '${BASH_TEST}'; else exec python -c "${PYTHON_TEST}"; fi`,
];

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
