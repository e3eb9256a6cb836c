/** Whether this process can do its work: the schema is there, and database and cache answer now. */
import type { Pool } from "pg";
import { migrate } from "./database";
import { log, reasonOf } from "./log";
import { within } from "./timeout";

/** `/health` answers within this, whatever hangs; below the drivers' own deadlines. */
const CHECK_MS = 1400;
const RETRY_MS = 1000;

export interface Readiness {
  ready: boolean;
  /** `ok`, or what is wrong, by its code. */
  checks: { database: string; cache: string };
}

/** Decides over the outcome of both checks; `undefined` stands for a good answer. */
export function judge(database: unknown, cache: unknown): Readiness {
  const text = (error: unknown): string => (error === undefined ? "ok" : `unavailable (${reasonOf(error)})`);
  const checks = { database: text(database), cache: text(cache) };
  return { ready: database === undefined && cache === undefined, checks };
}

/** Migrates in the background for as long as it takes, and says meanwhile what is missing. */
export class Dependencies {
  /** The schema's version; 0 while it is not known to be there. */
  #schema = 0;
  #problem: unknown = { code: "starting" };
  #preparing = false;
  #stopped = false;
  #last = "";

  constructor(
    private readonly url: string,
    private readonly pool: Pool,
    private readonly ping: () => Promise<void>,
  ) {}

  get schema(): number {
    return this.#schema;
  }

  /** Tries until the schema is up to date: a database that is late is no reason to end. */
  async prepare(): Promise<void> {
    if (this.#preparing) return;
    this.#preparing = true;
    while (this.#schema === 0 && !this.#stopped) {
      try {
        this.#schema = await migrate(this.url);
        log("info", "schema is up to date", { version: this.#schema });
      } catch (error) {
        this.#problem = error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    this.#preparing = false;
  }

  stop(): void {
    this.#stopped = true;
  }

  async check(): Promise<Readiness> {
    const outcome = (work: Promise<unknown>): Promise<unknown> =>
      within(CHECK_MS, work).then(
        () => undefined,
        (error: unknown) => error,
      );
    const [database, cache] = await Promise.all([outcome(this.#askDatabase()), outcome(this.ping())]);
    const readiness = judge(database, cache);
    const { checks } = readiness;
    const text = JSON.stringify(checks);
    // Checks are frequent: only a change is worth a line.
    if (text !== this.#last) log(readiness.ready ? "info" : "warn", "dependencies", checks);
    this.#last = text;
    return readiness;
  }

  /** A database that answers without our schema is another one than before, or was emptied: migrate again. */
  async #askDatabase(): Promise<void> {
    if (this.#schema === 0) throw this.#problem;
    const there = await this.pool.query("SELECT to_regclass('schema_migrations') IS NOT NULL AS there");
    if (there.rows[0]?.there) return;
    this.#schema = 0;
    this.#problem = { code: "no schema" };
    void this.prepare();
    throw this.#problem;
  }
}
