import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PostgresTuning } from "../../regions/model";
import { dataService } from "../dataService";
import { password } from "../secrets";
import type { DataServiceArgs } from "../service";
import { type AccessArgs, accessDigest, accessFiles, applyAccess } from "./access";
import { healthCheck, PORT, pgHba, postgresConf, postgresTuning, START_SCRIPT, startScript } from "./files";

export interface PostgresArgs extends DataServiceArgs, Pick<AccessArgs, "subnet" | "root"> {
  /** The application's role and database, letters, digits and `_`. Fixed at the first start. */
  role: string;
  /**
   * Settings that follow from the limits (in place; `shared_buffers` at the next restart) and from the number of
   * players (`max_connections`: replaces the container and keeps the data).
   */
  tuning: PostgresTuning;
}

/**
 * PostgreSQL 15 with one database and one role for the application, and the roles of `catalog/databaseRoles.ts`; the
 * superuser only works on its own socket. Who may log in is an input of the component, because a hook of it reaches the
 * running database, and a changed argument of the container would recreate it (ADR 0031).
 */
export class Postgres extends pulumi.ComponentResource {
  /** `postgresql://` URL of the application's role. Secret. */
  readonly url: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    const { desired, role, tuning, subnet, root } = args;
    const access: AccessArgs = { host: args.area.host, desired, role, subnet, root };
    const ours = { hooks: { beforeUpdate: [() => applyAccess(access)] } };
    super("nexus:data:Postgres", name, { access: accessDigest(access) }, pulumi.mergeOptions(ours, opts));
    const child = { parent: this };
    const [uid, gid] = desired.user.split(":");
    const superuserPassword = password(`${name}-superuser-password`, child);
    const appPassword = password(`${name}-app-password`, child);

    this.container = dataService(
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
    this.url = pulumi.secret(
      pulumi.interpolate`postgresql://${role}:${appPassword}@${desired.hostname}:${PORT}/${role}`,
    );
    this.registerOutputs({ url: this.url, container: this.container });
  }
}
