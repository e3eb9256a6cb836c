/** Start and end of a game server process: `SERVICE_TYPE` says which of the three it is. */
import { createApp } from "./app";
import { inProcesses } from "./blocking";
import { openRedis, pinger } from "./cache";
import { type Config, readConfig } from "./config";
import type { Context } from "./context";
import { openPool } from "./database";
import { log, reasonOf } from "./log";
import { createMetrics } from "./metrics";
import { Players } from "./players";
import { Dependencies } from "./readiness";
import { startHeartbeat } from "./registration";
import { useCpu } from "./slowStart";
import { VERSION } from "./version";
import { startFileHeartbeat, workJobs } from "./worker";

/** Docker kills after its own stop timeout; what is not closed by then is given up. */
const STOP_MS = 9000;
/** The real server has no limit of its own for a connection or an answer. */
const PATIENT_MS = 30_000;
/** A blocking command may take this much longer than it blocks. */
const WORKER_ANSWER_MS = 5000;

/** Undoes one thing at the end; run in order. */
type Closer = () => unknown;

async function startServer(context: Context): Promise<Closer[]> {
  const { config, dependencies, players } = context;
  void dependencies.prepare();
  const app = await createApp(context);
  await app.listen({ host: "0.0.0.0", port: config.port });
  const closers: Closer[] = [() => players.closeAll(), () => app.close()];
  if (config.registration) {
    const stop = startHeartbeat(config.registration, config.region, async () => ({
      players: players.count,
      maxPlayers: config.maxPlayers,
      owner: config.owner,
      version: VERSION,
      ready: (await dependencies.check()).ready,
    }));
    closers.unshift(stop);
  }
  return closers;
}

function startWorker({ config, pool, dependencies }: Context): Closer[] {
  const blocking = openRedis(config.redisUrl, WORKER_ANSWER_MS);
  let stopping = false;
  // Jobs are rows, so there is nothing to take before the schema is there.
  const work = dependencies.prepare().then(() => workJobs(pool, blocking, () => stopping));
  const stopHeartbeat = startFileHeartbeat(dependencies);
  return [
    stopHeartbeat,
    () => {
      stopping = true;
    },
    // The job in hand is finished; waiting for the next one ends by itself.
    () => work,
    () => blocking.disconnect(),
  ];
}

async function start(config: Config): Promise<Closer[]> {
  await useCpu(config.startCpuSeconds);
  const { blocking, databaseUrl, poolSize } = config;
  const most = poolSize + (blocking?.overflow ?? 0);
  const pool = openPool(databaseUrl, most, blocking && PATIENT_MS);
  const blockingPool = blocking && openPool(databaseUrl, most, PATIENT_MS);
  const redis = openRedis(config.redisUrl);
  const players = new Players(config.maxPlayers);
  const dependencies = new Dependencies(config.databaseUrl, pool, pinger(redis));
  const metrics = createMetrics(config.region, pool, players);
  const context: Context = { config, pool, redis, dependencies, players, metrics, blockingPool };
  const closers = config.service === "worker" ? startWorker(context) : await startServer(context);
  return [
    () => dependencies.stop(),
    ...closers,
    () => pool.end(),
    () => blockingPool?.end(),
    () => redis.disconnect(),
  ];
}

async function main(): Promise<void> {
  const read = readConfig(process.env);
  if ("problems" in read) {
    log("error", "the environment is not complete", { problems: read.problems.join("; ") });
    process.exitCode = 1;
    return;
  }
  const { config } = read;
  if (config.blocking) await inProcesses(config.blocking.processes, () => serve(config));
  else await serve(config);
}

/** Starts, and ends when told to. */
async function serve(config: Config): Promise<void> {
  let closers: Closer[] = [];
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log("info", "stopping", { signal });
    setTimeout(() => process.exit(1), STOP_MS).unref();
    for (const close of closers) await close();
    log("info", "stopped");
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
  closers = await start(config);
  log("info", "started", { service: config.service, region: config.region, version: VERSION });
}

main().catch((error) => {
  log("error", "cannot start", { reason: reasonOf(error) });
  process.exit(1);
});
