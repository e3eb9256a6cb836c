import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../../catalog/desired";
import { CONFIG_PATH } from "../../catalog/names";
import type { GatewayTuning } from "../../config/tuning";
import { serviceContainer } from "../container";
import { childOf } from "../former";
import { httpHealth } from "../http";
import type { Area } from "../service";
import { configVolume } from "../volumes";
import { type GatewayConfig, gatewayConf, PORT } from "./config";
import { gatewayTuning } from "./limits";

export interface GatewayArgs extends GatewayConfig {
  area: Area;
  /** Limits change in place; its address and port replace it. */
  desired: DesiredContainer;
  /** Follows from the limits; a change is in place. */
  tuning: GatewayTuning;
}

/** The only way in: nginx in front of the Nexus, its pages and every region. It is not told which regions exist. */
export function gateway(
  name: string,
  args: GatewayArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { area, desired } = args;
  const child = pulumi.mergeOptions(opts, { aliases: [childOf("nexus:edge:Gateway", name, opts.parent)] });
  return serviceContainer(
    `${name}-container`,
    {
      ...{ area, desired },
      entrypoint: ["nginx", "-c", `${CONFIG_PATH}/nginx.conf`, "-g", "daemon off;"],
      config: {
        volume: configVolume(`${name}-config`, desired, child),
        files: [{ name: "nginx.conf", content: gatewayConf(args) }],
        tuning: gatewayTuning(args.tuning),
      },
      // For its process id alone: what is written here counts as memory.
      tmpfs: { "/tmp": "mode=1777,size=1m" },
      health: httpHealth(PORT),
    },
    child,
  );
}
