import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containerIn, type Desired, type DesiredContainer, networkNamed } from "../catalog/desired";
import { DISK_ROLE } from "../catalog/keeper";
import { NEXUS, SHARED_NETWORKS } from "../catalog/names";
import type { NexusRole } from "../catalog/nexus";
import { leastNexusCpuMillis, type NexusBudget } from "../catalog/nexusBudget";
import { NEXUS_ROLES } from "../catalog/services";
import { areaParts } from "./area";
import { blackboxExporter } from "./blackbox/blackbox";
import { serviceContainer } from "./container";
import { gameServer, required } from "./gameServer";
import type { GatewayConfig } from "./gateway/config";
import { gateway } from "./gateway/gateway";
import type { HostArgs } from "./host";
import type { SharedNetworks } from "./networks";
import type { OperatorVariables } from "./operatorVariables";
import { postgres } from "./postgres/postgres";
import { Ready } from "./ready/ready";
import { Starts } from "./ready/starts";
import { redis } from "./redis/redis";
import { areaSecrets, derivedFernetKey, type RegionKeys } from "./secrets";
import type { Area, DataArea } from "./service";

export interface NexusStackArgs {
  host: HostArgs;
  /** The networks that the Nexus' containers join. A change of their ranges replaces all containers on them. */
  networks: SharedNetworks;
  /** What it shall have on the host; each container says what a change of it means. */
  desired: Desired;
  /** Tuning that follows from the limits (a change is in place) and from the players (a change replaces). */
  budget: NexusBudget;
  /** Seconds for a silent server, and whose word on a client's address the gateway takes. A change replaces it. */
  gateway: GatewayConfig;
  /** `ENVIRONMENT` of the game server. A change replaces it. */
  environment: string;
  /** Variables of the operator's own for the game server. A change replaces it. */
  variables: OperatorVariables;
  /** Its own keys, from which those of the regions are derived as well. */
  keys: RegionKeys;
  /** What mounts its disk; undefined on a host that cannot keep disk limits. */
  diskKeeper?: docker.Container;
}

/** The Central Nexus: game server with its database and Redis, the gateway, the two web pages and the prober. */
export class NexusStack extends pulumi.ComponentResource {
  constructor(name: string, args: NexusStackArgs, opts?: pulumi.ComponentResourceOptions) {
    const { host, budget, desired, networks, keys, diskKeeper } = args;
    const { diskBytes } = budget;
    const service = (role: NexusRole) => containerIn(desired, { region: NEXUS, role });
    const { subnet } = networkNamed(desired, host.namePrefix + SHARED_NETWORKS.nexus);
    const access = { host, desired: service("db"), role: "central_nexus", subnet, root: keys.encryption };
    const parts = areaParts({ access, diskBytes, diskKeeper, tenant: NEXUS });
    super(
      "nexus:nexus:NexusStack",
      name,
      { ...sizeOf(budget), ...parts.inputs },
      pulumi.mergeOptions(parts.opts, opts),
    );
    const child = { parent: this };
    const starts = new Starts(host, {
      ...{ area: NEXUS, totalMillis: sizeOf(budget).cpuMillis },
      steady: new Map(NEXUS_ROLES.map((role) => [role, service(role).limits.cpuMillis])),
      // The others serve the regions as well.
      lenders: ["db", "redis"],
    });
    if (diskKeeper) starts.add(containerIn(desired, { region: NEXUS, role: DISK_ROLE }), diskKeeper);
    const secrets = areaSecrets(name, child);
    const area: DataArea = {
      ...{ host, secrets },
      networks: { nexus: networks.nexus.name, regional: networks.regional.name },
      ...(diskKeeper && { diskBytes }),
      starts,
      tenant: NEXUS,
    };

    const db = postgres(
      `${name}-db`,
      { area, desired: service("db"), access, tuning: budget.postgres },
      child,
    );
    const cache = redis(`${name}-redis`, { area, desired: service("redis"), tuning: budget.redis }, child);
    gameServer(
      `${name}-server`,
      {
        ...{ area, desired: service("server"), tuning: budget.server, variables: args.variables },
        after: ["db", "redis"],
        leastCpuMillis: leastNexusCpuMillis("server"),
        env: {
          ADMIN_PASSWORD: secrets.admin(keys.encryption, NEXUS),
          ADMIN_USERNAME: "admin",
          ARIA_ENCRYPTION_KEY: derivedFernetKey(keys.encryption, `aria:${NEXUS}`),
          DATABASE_URL: db.url,
          ENVIRONMENT: args.environment,
          JWT_SECRET: secrets.password(`${name}-jwt-secret`, child),
          NEXUS_REGISTRATION_KEY: keys.registration,
          REDIS_URL: cache.url,
          SERVICE_TYPE: "nexus",
        },
      },
      { parent: this, dependsOn: [db.container, cache.container] },
    );
    webPage(`${name}-admin-ui`, area, service("adminUi"), child);
    webPage(`${name}-player-client`, area, service("playerClient"), child);
    gateway(
      `${name}-gateway`,
      { area, desired: service("gateway"), ...args.gateway, tuning: budget.gateway },
      child,
    );
    blackboxExporter(`${name}-blackbox-exporter`, { area, desired: service("blackboxExporter") }, child);
    new Ready(`${name}-ready`, starts, child);
    // Again, because outputs are all that a stack policy sees of a component.
    this.registerOutputs(sizeOf(budget));
  }
}

/** What the Nexus may use altogether; as inputs of the component, so that previews and policies see it. */
function sizeOf({ limits, diskBytes }: NexusBudget) {
  const all = Object.values(limits);
  return {
    cpuMillis: all.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0),
    memoryBytes: all.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    diskBytes,
  };
}

/**
 * Where nginx writes on a read-only root: ours to /tmp, the official image's its temporary files and its process id to
 * the other two, which take their mode from the image's folders. It counts as memory, of which a page has little.
 * @param user numeric `uid:gid` of the image
 */
function pageScratch(user: string): Record<string, string> {
  const [uid, gid] = user.split(":");
  const owned = `uid=${uid},gid=${gid},mode=0755`;
  return {
    "/tmp": "mode=1777,size=16m",
    "/var/cache/nginx": `${owned},size=16m`,
    "/var/run": `${owned},size=1m`,
  };
}

/** A static page behind the gateway, served by the image's own web server. */
function webPage(
  name: string,
  area: Area,
  desired: DesiredContainer,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const tmpfs = pageScratch(desired.user);
  return serviceContainer(name, { area, desired, tmpfs, health: required(desired.image) }, opts);
}
