import { createHash } from "node:crypto";
import { CONFIG_PATH } from "../../catalog/names";
import { REDIS } from "../../catalog/programs";
import { REDIS_MEMORY_PART } from "../../config/tuning";
import type { RedisTuning } from "../../regions/model";
import type { LiveTuning } from "../resize";

export const DATA_PATH = REDIS.dataPath;
export const PORT = REDIS.port;
const TUNING_FILE = "tuning.conf";

/**
 * Renders redis.conf. `volatile-lru`: under pressure only keys with a lifetime are evicted, because the same
 * instance holds caches (with one) and job queues (without).
 */
export function redisConf(): string {
  return `bind * -::*
port ${PORT}
dir ${DATA_PATH}
aclfile ${CONFIG_PATH}/users.acl
include ${CONFIG_PATH}/${TUNING_FILE}
maxmemory-policy volatile-lru
appendonly yes
appendfsync everysec
save 3600 1
tcp-keepalive 60
`;
}

/** `maxmemory`, which is rewritten and set while Redis runs, by the role that may do nothing else. */
export function redisTuning({ maxMemoryBytes }: RedisTuning): LiveTuning {
  const cli = `REDISCLI_AUTH="$(cat ${CONFIG_PATH}/operator-password)" redis-cli --user operator --no-auth-warning`;
  const inFile = `$(awk '$1 == "maxmemory" { print $2 }' ${CONFIG_PATH}/${TUNING_FILE})`;
  // Below what is stored, Redis would refuse every write; eviction only takes keys with a lifetime.
  const needed = `tr -d '\\r' | awk -F: '$1 == "used_memory" { printf "%.0f", $2 / ${REDIS_MEMORY_PART} }'`;
  return {
    files: [{ name: TUNING_FILE, content: `maxmemory ${maxMemoryBytes}\n` }],
    reload: ["sh", "-c", `${cli} CONFIG SET maxmemory "${inFile}" | grep -qx OK`],
    minimum: ["sh", "-c", `${cli} INFO memory | ${needed}`],
    freedBy: "clients",
  };
}

/**
 * Renders the ACL file: one role for the application, one for resizing, the anonymous one off. Only the hashes of
 * passwords are written here.
 */
export function usersAcl(appPassword: string, operatorPassword: string): string {
  const hash = (password: string) => createHash("sha256").update(password).digest("hex");
  // Clients ask INFO whether the server is still loading; the rest of @dangerous stays closed.
  return `user default off
user app on #${hash(appPassword)} ~* &* +@all -@admin -@dangerous +info
user operator on #${hash(operatorPassword)} +config|set +info
`;
}

/** Health check: PING as the application's user. The password is read from a file, never given as an argument. */
export function healthCheck(): string[] {
  const ping = "redis-cli --user app --no-auth-warning ping";
  return ["CMD-SHELL", `REDISCLI_AUTH="$(cat ${CONFIG_PATH}/app-password)" ${ping} | grep -qx PONG`];
}
