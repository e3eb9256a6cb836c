import { DIRECT_ACCESS } from "../catalog/services";
import type { Platform } from "../platform";
import type { Settings } from "../settings";

/** An address that a person or a program may use, as `npm start` prints it. */
export interface Address {
  what: string;
  url: string;
}

/** Everything that answers from outside the containers, regions last. Plain data, known before anything runs. */
export function addressList({ settings, regions }: Pick<Platform, "settings" | "regions">): Address[] {
  const { gateway, publish } = settings;
  const base = `http://${gatewayHost(settings)}${gateway.httpPort === 80 ? "" : `:${gateway.httpPort}`}`;
  return [
    { what: "player client", url: `${base}/` },
    { what: "admin UI", url: `${base}/admin/` },
    { what: "Nexus API", url: `${base}/api/v1/status` },
    ...DIRECT_ACCESS.flatMap(({ setting, what, scheme, path = "" }) => {
      const port = publish[setting];
      // By name: outside development the game server answers to no other host than localhost.
      return port === undefined
        ? []
        : [{ what: `${what}, direct`, url: `${scheme}://localhost:${port}${path}` }];
    }),
    ...regions.map(({ name }) => ({ what: `region ${name}`, url: `${base}/api/v1/regions/${name}/status` })),
  ];
}

/** A gateway that listens on all addresses of its host is reached at the one by which the Engine is. */
function gatewayHost({ gateway, dockerHost }: Pick<Settings, "gateway" | "dockerHost">): string {
  if (gateway.address !== "0.0.0.0") return gateway.address;
  const address = typeof dockerHost === "string" ? dockerHost : dockerHost?.address;
  return (address && new URL(address).hostname) || "127.0.0.1";
}
