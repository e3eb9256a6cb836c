import type { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Config } from "./config";
import type { Metrics } from "./metrics";
import type { Players } from "./players";
import type { Dependencies } from "./readiness";

/** What routes work with. */
export interface Context {
  config: Config;
  pool: Pool;
  /** The second pool of a server that behaves as the real one (`blocking.ts`). */
  blockingPool?: Pool;
  redis: Redis;
  dependencies: Dependencies;
  players: Players;
  metrics: Metrics;
}
