import { createHash } from "node:crypto";
import type { RedisTuning } from "../../regions/model";
import { CONFIG_PATH } from "../dataService";

export const DATA_PATH = "/data";
export const PORT = 6379;

/**
 * Renders redis.conf. `volatile-lru`: under pressure only keys with a lifetime are evicted, because the same
 * instance holds caches (with one) and job queues (without).
 */
export function redisConf(tuning: RedisTuning): string {
  return `bind * -::*
port ${PORT}
dir ${DATA_PATH}
aclfile ${CONFIG_PATH}/users.acl
maxmemory ${tuning.maxMemoryBytes}
maxmemory-policy volatile-lru
appendonly yes
appendfsync everysec
save 3600 1
tcp-keepalive 60
`;
}

/** Renders the ACL file: one role for the application, the anonymous one off. Only the hash is written here. */
export function usersAcl(appPassword: string): string {
  const hash = createHash("sha256").update(appPassword).digest("hex");
  // Clients ask INFO whether the server is still loading; the rest of @dangerous stays closed.
  return `user default off
user app on #${hash} ~* &* +@all -@admin -@dangerous +info
`;
}

/** Health check: PING as the application's user. The password is read from a file, never given as an argument. */
export function healthCheck(): string[] {
  const ping = "redis-cli --user app --no-auth-warning ping";
  return ["CMD-SHELL", `REDISCLI_AUTH="$(cat ${CONFIG_PATH}/app-password)" ${ping} | grep -qx PONG`];
}
