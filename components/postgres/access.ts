import * as pulumi from "@pulumi/pulumi";
import { DATABASE_ROLES } from "../../catalog/databaseRoles";
import type { DesiredContainer } from "../../catalog/desired";
import { CONFIG_PATH } from "../../catalog/names";
import { digest, writeConfigFiles } from "../configFiles";
import { engine, gone } from "../engine";
import { execIn } from "../exec";
import type { HostArgs } from "../host";
import { known } from "../known";
import type { PlainFile } from "../putFiles";
import { Asker } from "../ready/look";
import { pgHba, START_SCRIPT, startScript } from "./files";
import { rolePassword, roleRules, rolesSql, scramVerifier } from "./roles";

export interface AccessArgs {
  host: HostArgs;
  /** The database's container. */
  desired: DesiredContainer;
  /** Name of the database and of the application's role. */
  role: string;
  /** Where the other roles may come from, as a CIDR range. A change is in place. */
  subnet: string;
  /** What their passwords are derived from. A change is in place. */
  root: pulumi.Input<string>;
}

const ROLES_SQL = `${CONFIG_PATH}/roles.sql`;

/** A start does what a running database was not there for, or a killed `up` did not come to. */
const AT_START = `if ! sha256sum < ${ROLES_SQL} | cmp -s - "$cluster/.roles"; then
  rm -f "$cluster/postmaster.pid"
  single "$cluster" postgres < ${ROLES_SQL}
  sha256sum < ${ROLES_SQL} > "$cluster/.roles"
fi
`;

const WHILE_IT_RUNS = [
  ...["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-qtAX", "-v", "ON_ERROR_STOP=1", "-1"],
  ...["-f", ROLES_SQL, "-c", "SELECT pg_reload_conf()"],
];

/**
 * The files that say who may log in, outside of the container's digest: a change reaches the running database. Two of
 * them are in the digest as they were before there were other roles than the application's, so that no database is
 * recreated for these.
 */
function filesOf({ role, subnet }: AccessArgs, secretOf: (role: string) => string): PlainFile[] {
  return [
    { name: START_SCRIPT.slice(CONFIG_PATH.length + 1), content: startScript(role, AT_START) },
    { name: "pg_hba.conf", content: pgHba(role) + roleRules(role, subnet) },
    { name: ROLES_SQL.slice(CONFIG_PATH.length + 1), content: rolesSql(role, secretOf) },
  ];
}

/** They as the database reads them. For hooks: the passwords' root must be known. */
export async function accessFiles(args: AccessArgs): Promise<PlainFile[]> {
  const root = await known(args.root);
  return filesOf(args, (role) => scramVerifier(rolePassword(root, role, args.desired.region)));
}

/** Short digest of all that they say, passwords included. Another one is what a preview shows. */
export function accessDigest(args: AccessArgs): pulumi.Output<string> {
  const content = pulumi
    .output(args.root)
    .apply((root) => JSON.stringify(filesOf(args, (role) => rolePassword(root, role, args.desired.region))));
  return digest([{ name: "access", content }]);
}

/**
 * Tells a database that exists who may log in, without a restart. Done again, it changes nothing.
 * @throws Error with one sentence when a database that is well does not take it
 */
export async function applyAccess(args: AccessArgs): Promise<void> {
  const { host, desired } = args;
  const docker = engine(host.dockerHost);
  const { name: container, config: volumeName = "", user } = desired;
  const info = await docker.getContainer(container).inspect().catch(gone);
  // It is about to be made, with these files.
  if (!info) return;
  await writeConfigFiles(docker, { host, owner: desired, volumeName, user, files: await accessFiles(args) });
  const { Running, Paused, Restarting, Health } = info.State;
  // Its next start does it. It must not be waited for here: what it lacks may come later in this run.
  if (!Running || Restarting) return;
  // Docker's word is old: one that was paused may be well for half a minute before Docker asks it again.
  const isDoubted = Health?.Status === "unhealthy" && !Paused;
  if (isDoubted && !(await new Asker(docker, container).look()).isReady) return;
  try {
    await execIn(docker, container, WHILE_IT_RUNS);
  } catch (error) {
    const said = (error as Error).message
      .replace(/^".*" in \S+ ended with \d+: /s, "")
      .replaceAll(/\s+/g, " ");
    throw new Error(
      `${container} runs on, without a change to its roles ${Object.keys(DATABASE_ROLES).join(" and ")} (${said}). ` +
        "Run `up` again when that is put right.",
    );
  }
}
