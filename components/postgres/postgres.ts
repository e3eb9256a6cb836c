import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PostgresTuning } from "../../regions/model";
import { dataService } from "../dataService";
import { childOf } from "../former";
import type { DataServiceArgs } from "../service";
import { type AccessArgs, accessFiles } from "./access";
import { healthCheck, PORT, pgHba, postgresConf, postgresTuning, START_SCRIPT, startScript } from "./files";

export interface PostgresArgs extends DataServiceArgs {
  /** Who may log in; `components/area.ts` tells a running database of a change. Its role and database are fixed at the first start. */
  access: AccessArgs;
  /**
   * Settings that follow from the limits (in place; `shared_buffers` at the next restart) and from the number of
   * players (`max_connections`: replaces the container and keeps the data).
   */
  tuning: PostgresTuning;
}

export interface Postgres {
  /** `postgresql://` URL of the application's role. Secret. */
  url: pulumi.Output<string>;
  container: docker.Container;
}

/**
 * PostgreSQL 15 with one database and one role for the application, and the roles of `catalog/databaseRoles.ts`; the
 * superuser only works on its own socket.
 */
export function postgres(name: string, args: PostgresArgs, opts: pulumi.CustomResourceOptions): Postgres {
  const { desired, access, tuning } = args;
  const { role } = access;
  const { secrets } = args.area;
  const child = pulumi.mergeOptions(opts, { aliases: [childOf("nexus:data:Postgres", name, opts.parent)] });
  const [uid, gid] = desired.user.split(":");
  const superuserPassword = secrets.password(`${name}-superuser-password`, child);
  const appPassword = secrets.password(`${name}-app-password`, child);

  const container = dataService(
    name,
    args,
    {
      entrypoint: ["sh", START_SCRIPT],
      files: [
        { name: "start.sh", content: startScript(role) },
        { name: "postgresql.conf", content: postgresConf(tuning) },
        { name: "pg_hba.conf", content: pgHba(role) },
        { name: "superuser-password", content: superuserPassword },
        { name: "app-password", content: appPassword },
        // libpq only reads a password file that nobody but its owner can.
        {
          name: "pgpass",
          content: pulumi.interpolate`127.0.0.1:${PORT}:${role}:${role}:${appPassword}`,
          uid: Number(uid),
          mode: 0o400,
        },
      ],
      live: () => accessFiles(access),
      tuning: postgresTuning(tuning),
      tmpfs: { "/var/run/postgresql": `uid=${uid},gid=${gid},mode=0750` },
      shmBytes: tuning.shmBytes,
      health: healthCheck(role),
    },
    child,
  );
  const url = pulumi.secret(
    pulumi.interpolate`postgresql://${role}:${appPassword}@${desired.hostname}:${PORT}/${role}`,
  );
  return { url, container };
}
