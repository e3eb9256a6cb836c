import { CONFIG_PATH } from "../../catalog/names";
import { POSTGRES } from "../../catalog/programs";
import type { PostgresTuning } from "../../regions/model";
import { guard } from "../guard";
import type { LiveTuning } from "../resize";

const TUNING_FILE = "tuning.conf";
export const START_SCRIPT = `${CONFIG_PATH}/start.sh`;
/** Mount point of the data volume; the cluster is a folder below it, so that it can be renamed into place. */
const DATA_PATH = POSTGRES.dataPath;
export const PORT = POSTGRES.port;

/** Renders postgresql.conf: what does not change with the database's memory. A change restarts the database. */
export function postgresConf({ maxConnections }: Pick<PostgresTuning, "maxConnections">): string {
  return settings({
    listen_addresses: "'*'",
    data_directory: `'${DATA_PATH}/cluster'`,
    hba_file: `'${CONFIG_PATH}/pg_hba.conf'`,
    ident_file: `'${DATA_PATH}/cluster/pg_ident.conf'`,
    unix_socket_directories: "'/var/run/postgresql'",
    password_encryption: "scram-sha-256",
    max_connections: maxConnections,
    // wal_level and the slot bound are set from the first version on: changing them later needs a restart.
    wal_level: "replica",
    log_destination: "'stderr'",
    log_line_prefix: "'%m [%p] %u@%d '",
    timezone: "'UTC'",
    include: `'${CONFIG_PATH}/${TUNING_FILE}'`,
  });
}

/**
 * What follows from the database's memory. It is rewritten while the database runs: all but `shared_buffers` applies
 * at a reload, and that at the next restart.
 */
export function postgresTuning(tuning: PostgresTuning): LiveTuning {
  const content = settings({
    shared_buffers: kilobytes(tuning.sharedBuffersBytes),
    effective_cache_size: kilobytes(tuning.effectiveCacheSizeBytes),
    work_mem: kilobytes(tuning.workMemBytes),
    maintenance_work_mem: kilobytes(tuning.maintenanceWorkMemBytes),
    min_wal_size: kilobytes(Math.min(tuning.maxWalSizeBytes, 64 * 2 ** 20)),
    max_wal_size: kilobytes(tuning.maxWalSizeBytes),
    max_slot_wal_keep_size: kilobytes(tuning.maxWalSizeBytes),
  });
  const query = (sql: string) => ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-qtAXc", sql];
  return {
    files: [{ name: TUNING_FILE, content }],
    reload: query("SELECT pg_reload_conf()"),
    // The buffers of the last start stay, and may take half of the memory at most: sessions need the rest.
    minimum: query("SELECT setting::bigint * 8192 * 2 FROM pg_settings WHERE name = 'shared_buffers'"),
    freedBy: "restart",
  };
}

function settings(lines: Record<string, string | number>): string {
  return `${Object.entries(lines)
    .map(([key, value]) => `${key} = ${value}`)
    .join("\n")}\n`;
}

/**
 * Renders pg_hba.conf. The socket is `trust`: whoever can reach it already owns the data files, and it is the way
 * back in when a password is lost. Over the network only the application's role may log in, by password.
 */
export function pgHba(role: string): string {
  return `local all all trust
host "${role}" "${role}" samenet scram-sha-256
host "${role}" "${role}" 127.0.0.1/32 scram-sha-256
`;
}

/**
 * The database container's start script. Initialisation happens in a folder of its own that is renamed when it is
 * complete, so that a container killed half-way starts over instead of serving a half-made database. Passwords are
 * set again whenever they differ from the last start: a region that comes back finds its data and gets new secrets.
 * A cluster of another major version is left alone.
 * @param more shell that runs last, before the database starts
 */
export function startScript(role: string, more = ""): string {
  return `#!/bin/sh
set -eu
${guard(DATA_PATH)}cluster=${DATA_PATH}/cluster
config=${CONFIG_PATH}
single() { # single-user mode: no network, no socket, SQL from standard input
  postgres --single -D "$1" -c config_file=$config/postgresql.conf -c data_directory="$1" "$2" >/dev/null
}
set_passwords() {
  single "$1" postgres <<SQL
ALTER ROLE postgres PASSWORD '$(cat $config/superuser-password)'
ALTER ROLE "${role}" PASSWORD '$(cat $config/app-password)'
SQL
  cat $config/superuser-password $config/app-password | sha256sum > "$1/.passwords"
}
if [ -d "$cluster" ]; then
  has=$(cat "$cluster/PG_VERSION")
  case $(postgres --version) in
    "postgres (PostgreSQL) $has"[!0-9]*) ;;
    *)
      echo "The data is of PostgreSQL $has, which this image cannot read: it has $(postgres --version). Nothing was" \\
        "touched. Run an image of PostgreSQL $has again." >&2
      exit 1
      ;;
  esac
fi
if [ ! -d "$cluster" ]; then
  rm -rf "$cluster.new"
  initdb -D "$cluster.new" -U postgres --data-checksums --encoding=UTF8 --locale=C \\
    --auth-local=trust --auth-host=scram-sha-256 --pwfile=$config/superuser-password
  single "$cluster.new" postgres <<SQL
CREATE ROLE "${role}" LOGIN
CREATE DATABASE "${role}" OWNER "${role}"
REVOKE ALL ON DATABASE "${role}" FROM PUBLIC
GRANT SET ON PARAMETER session_replication_role TO "${role}"
SQL
  set_passwords "$cluster.new"
  sync
  mv "$cluster.new" "$cluster"
elif ! cat $config/superuser-password $config/app-password | sha256sum | cmp -s - "$cluster/.passwords"; then
  rm -f "$cluster/postmaster.pid"
  set_passwords "$cluster"
fi
${more}exec postgres -D "$cluster" -c config_file=$config/postgresql.conf
`;
}

/** Health check: a query as the application's role over TCP, so that address, role, password and database count. */
export function healthCheck(role: string): string[] {
  const query = `psql -h 127.0.0.1 -U ${role} -d ${role} -qtAX -c 'SELECT 1'`;
  return ["CMD-SHELL", `PGPASSFILE=${CONFIG_PATH}/pgpass PGCONNECT_TIMEOUT=3 ${query}`];
}

function kilobytes(bytes: number): string {
  return `${Math.floor(bytes / 1024)}kB`;
}
