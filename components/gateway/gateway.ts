import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayTuning } from "../../config/tuning";
import type { ContainerLimits } from "../../regions/model";
import { type Attachment, serviceContainer } from "../container";
import { type HostArgs, NEXUS } from "../host";
import { httpHealth } from "../http";
import { CONFIG_PATH, configVolumeName, NEXUS_CONTAINERS } from "../layout";
import type { StartCpu } from "../start/startCpu";
import { configVolume } from "../volumes";
import { type GatewayConfig, gatewayConf, PORT } from "./config";
import { gatewayTuning } from "./limits";

export interface GatewayArgs extends GatewayConfig {
  host: HostArgs;
  networks: [Attachment, ...Attachment[]];
  /** A change is in place. */
  limits: ContainerLimits;
  /** Follows from the limits; a change is in place. */
  tuning: GatewayTuning;
  /** Keeps what the Nexus lends its server from what the gateway needs. */
  startCpu?: StartCpu;
  /** Host address that the port is published on. A change replaces the gateway. */
  address: string;
  /** Host port. A change replaces the gateway. */
  httpPort: number;
}

/** The only way in: nginx in front of the Nexus, its pages and every region. It is not told which regions exist. */
export class Gateway extends pulumi.ComponentResource {
  readonly container: docker.Container;

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nexus:edge:Gateway", name, {}, opts);
    const { host } = args;
    const child = { parent: this };
    const containerName = NEXUS_CONTAINERS.gateway;

    const config = configVolume(
      `${name}-config`,
      { host, volumeName: configVolumeName(containerName) },
      child,
    );
    this.container = serviceContainer(
      `${name}-container`,
      {
        host,
        owner: { region: NEXUS, role: "gateway" },
        containerName,
        image: host.images.nginx,
        limits: args.limits,
        startCpu: args.startCpu,
        networks: args.networks,
        entrypoint: ["nginx", "-c", `${CONFIG_PATH}/nginx.conf`, "-g", "daemon off;"],
        config: {
          volume: config,
          path: CONFIG_PATH,
          files: [{ name: "nginx.conf", content: gatewayConf(args) }],
          tuning: gatewayTuning(args.tuning),
        },
        // For its process id alone: what is written here counts as memory.
        tmpfs: { "/tmp": "mode=1777,size=1m" },
        health: httpHealth(PORT),
        publish: [{ internal: PORT, external: args.httpPort, ip: args.address }],
        stopGraceSeconds: 30,
      },
      child,
    );
    this.registerOutputs({ container: this.container });
  }
}
