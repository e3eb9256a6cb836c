import { CONFIG_PATH } from "../../catalog/names";
import type { GatewayTuning } from "../../config/tuning";
import type { LiveTuning } from "../resize";

/** Included by nginx.conf; they follow from the memory and change while nginx runs. */
export const CONNECTIONS_FILE = "connections.conf";
export const REQUESTS_FILE = "requests.conf";

/** The zones are made by the main file, because nginx cannot change one while it runs. */
export const LIMIT_ZONES = `  # The gateway's own health check is not counted; it would fail when the gateway is merely busy.
  map $uri $counted {
    default all;
    /health "";
  }
  map $uri $counted_client {
    default $binary_remote_addr;
    /health "";
  }
  limit_conn_zone $counted zone=all:64k;
  limit_conn_zone $counted_client zone=clients:2m;`;

/**
 * How many connections and requests the gateway takes at once. A reload begins new processes with the new numbers and
 * leaves the old ones to finish what they have: no connection is dropped.
 */
export function gatewayTuning({ connections, requests, requestsPerClient }: GatewayTuning): LiveTuning {
  return {
    files: [
      {
        name: CONNECTIONS_FILE,
        content: `worker_rlimit_nofile ${connections + 64};\nevents { worker_connections ${connections}; }\n`,
      },
      {
        name: REQUESTS_FILE,
        content: `limit_conn all ${requests};\nlimit_conn clients ${requestsPerClient};\n`,
      },
    ],
    reload: ["nginx", "-c", `${CONFIG_PATH}/nginx.conf`, "-s", "reload"],
    // What it holds is in use or gone; nothing is kept by settings.
    minimum: ["echo", "0"],
    freedBy: "clients",
  };
}
