/** A role of every database beside the application's own, for services of the same network. */
export interface DatabaseRole {
  /**
   * What it may open: the application's `database`, or `replication`, which is the write-ahead log and base backups
   * and so all data, but no query.
   */
  opens: "database" | "replication";
  /** Role of PostgreSQL's own that it is a member of. */
  memberOf?: string;
  /**
   * Connections at once. Those to the database are within `CONNECTION_RESERVE`; PostgreSQL counts replication apart
   * (`max_wal_senders`, 10).
   */
  connections: number;
}

/**
 * The roles by name. A database that exists gets a new one, or a change, at the next `up` while it runs; one that leaves
 * the list stays where it was made, and is let in no longer.
 */
export const DATABASE_ROLES = {
  /** Reads the figures of the server and no table. */
  monitoring: { opens: "database", memberOf: "pg_monitor", connections: 3 },
  /** A base backup with its log takes two. */
  replication: { opens: "replication", connections: 4 },
} as const satisfies Record<string, DatabaseRole>;
