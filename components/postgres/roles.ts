import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { DATABASE_ROLES, type DatabaseRole } from "../../catalog/databaseRoles";
import { derivedPassword } from "../secrets";

const ROLES = Object.entries<DatabaseRole>(DATABASE_ROLES);

/** Iterations of PostgreSQL's own verifiers; clients refuse fewer. */
const ITERATIONS = 4096;

/**
 * Password of one of `DATABASE_ROLES` in one database, for whoever uses it. Pure.
 * @param root `RegionKeys.encryption`
 * @param region its name, or the Nexus'
 */
export function rolePassword(root: string, role: string, region: string): string {
  return derivedPassword(root, `postgres:${role}:${region}`);
}

/** The lines of pg_hba.conf that let the roles in, by password, from this subnet and from nowhere else. */
export function roleRules(database: string, subnet: string): string {
  return lines(
    ROLES.map(([role, { opens }]) => {
      // Without quotes, `replication` is no database.
      const what = opens === "replication" ? "replication" : `"${database}"`;
      return `host ${what} "${role}" ${subnet} scram-sha-256`;
    }),
  );
}

/**
 * Makes the roles what they shall be, whatever there is. Each statement in a line of its own: so single-user mode reads it
 * as psql does.
 * @param secretOf what is kept of a role's password
 */
export function rolesSql(database: string, secretOf: (role: string) => string): string {
  return lines(
    ROLES.flatMap(([role, { opens, memberOf, connections }]) => [
      `DO $$ BEGIN CREATE ROLE "${role}"; EXCEPTION WHEN duplicate_object THEN NULL; END $$;`,
      `ALTER ROLE "${role}" NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS ${opens === "replication" ? "" : "NO"}REPLICATION ` +
        `LOGIN CONNECTION LIMIT ${connections} PASSWORD '${secretOf(role)}';`,
      ...(memberOf ? [`GRANT ${memberOf} TO "${role}";`] : []),
      ...(opens === "database" ? [`GRANT CONNECT ON DATABASE "${database}" TO "${role}";`] : []),
    ]),
  );
}

/**
 * What PostgreSQL keeps of a password (RFC 5803). Given this, it never sees the password, and has none to write to its
 * log with a statement that fails. Pure, and slow: 2 ms.
 * @param salt derived by default, so that the same password gives the same text
 */
export function scramVerifier(
  password: string,
  salt = hmac(Buffer.from(password), "salt").subarray(0, 16),
): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, "sha256");
  const stored = createHash("sha256").update(hmac(salted, "Client Key")).digest();
  const [salt64, stored64, server64] = [salt, stored, hmac(salted, "Server Key")].map((bytes) =>
    bytes.toString("base64"),
  );
  return `SCRAM-SHA-256$${ITERATIONS}:${salt64}$${stored64}:${server64}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function lines(all: string[]): string {
  return `${all.join("\n")}\n`;
}
