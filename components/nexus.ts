import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { leastNexusCpuMillis, type NexusBudget, type NexusRole } from "../config/nexusBudget";
import type { ContainerLimits } from "../config/tuning";
import type { Image } from "../images/table";
import { type Attachment, serviceContainer } from "./container";
import { diskKeeper } from "./disk/keeper";
import { RegionDisk } from "./disk/regionDisk";
import { gameServer, required } from "./gameServer";
import type { GatewayConfig } from "./gateway/config";
import { Gateway } from "./gateway/gateway";
import { type HostArgs, NEXUS } from "./host";
import { LOOPBACK, NEXUS_CONTAINERS, PAGE_PORT } from "./layout";
import type { SharedNetworks } from "./networks";
import type { OperatorVariables } from "./operatorVariables";
import { Postgres } from "./postgres/postgres";
import { Redis } from "./redis/redis";
import type { RegionKeys } from "./region";
import { adminPassword, derivedFernetKey, password, rootKey } from "./secrets";
import { StartCpu } from "./start/startCpu";

/** Host ports on loopback for direct access; an absent one is not published. A change replaces that container. */
export interface NexusPorts {
  nexusServer?: number;
  nexusDb?: number;
  redis?: number;
  playerClient?: number;
  adminUi?: number;
}

export interface NexusStackArgs {
  host: HostArgs;
  /** The networks that the Nexus' containers join. A change of their ranges replaces all containers on them. */
  networks: SharedNetworks;
  /** Limits (a change is in place) and processes (a change restarts their container), from `nexus:profile`. */
  budget: NexusBudget;
  /**
   * Where the gateway listens, after how many seconds it answers for a silent server, and whose word on a client's
   * address it takes. A change restarts it.
   */
  gateway: GatewayConfig & { address: string; httpPort: number };
  publish: NexusPorts;
  /** `ENVIRONMENT` of the game server. A change replaces it. */
  environment: string;
  /** Variables of the operator's own for the game server. A change replaces it. */
  variables: OperatorVariables;
  /** Image of what mounts the disks; undefined on a host that cannot keep disk limits. A change replaces the keeper. */
  diskKeeper?: Image;
}

/** The Central Nexus: game server with its database and Redis, the gateway and the two web pages. */
export class NexusStack extends pulumi.ComponentResource {
  readonly gateway: Gateway;
  readonly server: docker.Container;
  readonly db: Postgres;
  readonly redis: Redis;
  readonly adminUi: docker.Container;
  readonly playerClient: docker.Container;
  /** What mounts the disks of the Nexus and of the regions. */
  readonly diskKeeper?: docker.Container;
  /** What the regions' own keys are derived from. Secret. */
  readonly keys: RegionKeys;

  constructor(name: string, args: NexusStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nexus:nexus:NexusStack", name, sizeOf(args.budget), opts);
    const { host, budget, publish } = args;
    const child = { parent: this };
    const nexus = (alias: string): Attachment => ({ name: args.networks.nexus.name, aliases: [alias] });
    const regional = (alias: string): Attachment => ({ name: args.networks.regional.name, aliases: [alias] });
    this.diskKeeper = args.diskKeeper && diskKeeper("disk-keeper", { host, image: args.diskKeeper }, child);
    const disk = new RegionDisk(
      `${name}-disk`,
      { host, region: NEXUS, limitBytes: budget.diskBytes, means: this.diskKeeper ? "loop" : "none" },
      { parent: this, dependsOn: this.diskKeeper },
    );
    const port = (external?: number) => (external === undefined ? undefined : { external });
    const startCpu = new StartCpu({
      host,
      area: NEXUS,
      totalMillis: sizeOf(budget).cpuMillis,
      steady: new Map(Object.entries(budget.limits).map(([role, { cpuMillis }]) => [role, cpuMillis])),
      // The others serve the regions as well.
      lenders: ["db", "redis"],
    });
    const common = (role: NexusRole) => ({
      host,
      owner: { region: NEXUS, role },
      containerName: NEXUS_CONTAINERS[role],
      hostname: NEXUS_CONTAINERS[role],
      tenant: NEXUS,
      disk,
      limits: budget.limits[role],
      startCpu,
      networks: [nexus(NEXUS_CONTAINERS[role])] as [Attachment],
    });

    this.db = new Postgres(
      `${name}-db`,
      {
        ...common("db"),
        role: "central_nexus",
        tuning: budget.postgres,
        publish: port(publish.nexusDb),
      },
      child,
    );
    this.redis = new Redis(
      `${name}-redis`,
      { ...common("redis"), tuning: budget.redis, publish: port(publish.redis) },
      child,
    );
    this.keys = {
      registration: rootKey(`${name}-registration-key`, child),
      encryption: rootKey(`${name}-encryption-key`, child),
    };

    const serverName = NEXUS_CONTAINERS.server;
    this.server = gameServer(
      `${name}-server`,
      {
        ...common("server"),
        image: host.images.gameServer,
        leastCpuMillis: leastNexusCpuMillis("server"),
        networks: [nexus(serverName), regional(serverName)],
        tuning: budget.server,
        variables: args.variables,
        publish: port(publish.nexusServer),
        env: {
          ADMIN_PASSWORD: adminPassword(`${name}-admin-password`, this.keys.encryption, NEXUS, child),
          ADMIN_USERNAME: "admin",
          ARIA_ENCRYPTION_KEY: derivedFernetKey(this.keys.encryption, `aria:${NEXUS}`),
          DATABASE_URL: this.db.url,
          ENVIRONMENT: args.environment,
          JWT_SECRET: password(`${name}-jwt-secret`, child),
          NEXUS_REGISTRATION_KEY: this.keys.registration,
          REDIS_URL: this.redis.url,
          SERVICE_TYPE: "nexus",
        },
      },
      { parent: this, dependsOn: [this.db.container, this.redis.container] },
    );
    this.adminUi = webPage(
      `${name}-admin-ui`,
      { ...common("adminUi"), image: host.images.adminUi, port: publish.adminUi },
      child,
    );
    this.playerClient = webPage(
      `${name}-player-client`,
      {
        ...common("playerClient"),
        image: host.images.playerClient,
        port: publish.playerClient,
      },
      child,
    );
    this.gateway = new Gateway(
      `${name}-gateway`,
      {
        host,
        ...args.gateway,
        limits: budget.limits.gateway,
        tuning: budget.gateway,
        startCpu,
        networks: [nexus(NEXUS_CONTAINERS.gateway), regional(NEXUS_CONTAINERS.gateway)],
      },
      child,
    );
    this.registerOutputs({
      // Again, because outputs are all that a stack policy sees of a component.
      ...sizeOf(budget),
      gateway: this.gateway,
      server: this.server,
      db: this.db,
      redis: this.redis,
      adminUi: this.adminUi,
      playerClient: this.playerClient,
    });
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

interface WebPageArgs {
  host: HostArgs;
  owner: { region: string; role: string };
  containerName: string;
  image: Image;
  limits: ContainerLimits;
  startCpu: StartCpu;
  networks: [Attachment, ...Attachment[]];
  /** Loopback port; default: not published. */
  port?: number;
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

/** A static page behind the gateway, served by the image's own web server on port 3000. */
function webPage(name: string, args: WebPageArgs, opts: pulumi.CustomResourceOptions): docker.Container {
  const { port, ...rest } = args;
  return serviceContainer(
    name,
    {
      ...rest,
      tmpfs: pageScratch(args.image.user),
      health: required(args.image),
      publish: port === undefined ? undefined : [{ internal: PAGE_PORT, external: port, ip: LOOPBACK }],
      stopGraceSeconds: 30,
    },
    opts,
  );
}
