import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { leastCpuMillis, limitsByRole } from "../regions/budget";
import { type ContainerLimits, REGION_ROLES, type RegionModel, type RegionRole } from "../regions/model";
import type { Attachment } from "./container";
import { RegionDisk } from "./disk/regionDisk";
import { gameServer } from "./gameServer";
import type { HostArgs } from "./host";
import { regionContainer, regionNetwork } from "./layout";
import { network } from "./networks";
import type { OperatorVariables } from "./operatorVariables";
import { Postgres } from "./postgres/postgres";
import { Redis } from "./redis/redis";
import { adminPassword, derivedFernetKey, derivedToken, password } from "./secrets";
import { StartCpu } from "./start/startCpu";
import { Storage } from "./storage/storage";

export interface RegionKeys {
  /** The Nexus checks registrations with it, without a list of regions. */
  registration: pulumi.Input<string>;
  /** Root of the regions' encryption keys. */
  encryption: pulumi.Input<string>;
}

export interface RegionStackArgs {
  host: HostArgs;
  /**
   * The region's file. CPU, memory and disk change in place; players, game settings and owner restart server and
   * worker; another name or slot is another region, or another network for all its containers.
   */
  region: RegionModel;
  /** Name of the network that all region servers share; a value, since another stack may own it. */
  regionalNetwork: pulumi.Input<string>;
  /** Keys of the Nexus. The region only gets what is derived from them for its name. */
  keys: RegionKeys;
  /** `ENVIRONMENT` of the game server. A change replaces server and worker. */
  environment: string;
  /** Variables of the operator's own for server and worker. A change replaces both. */
  variables: OperatorVariables;
  /** What mounts the regions' disks; undefined on a host that cannot keep disk limits. */
  diskKeeper?: docker.Container;
}

/** A player-owned region: game server, database, cache, storage and, if the stack has them, a worker. */
export class RegionStack extends pulumi.ComponentResource {
  readonly server: docker.Container;
  /** Absent in a stack without workers. */
  readonly worker?: docker.Container;
  readonly db: Postgres;
  readonly cache: Redis;
  readonly storage: Storage;

  constructor(name: string, args: RegionStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nexus:region:RegionStack", name, shown(args.region), opts);
    const { host, region } = args;
    const { budget, addresses } = region;
    const child = { parent: this };
    const disk = new RegionDisk(
      `${name}-disk`,
      {
        host,
        region: region.name,
        limitBytes: region.resources.diskBytes,
        means: args.diskKeeper ? "loop" : "none",
      },
      { parent: this, dependsOn: args.diskKeeper },
    );
    const names = (role: RegionRole) => regionContainer(region.name, role);
    const startCpu = new StartCpu({
      host,
      area: region.name,
      totalMillis: region.resources.cpuMillis,
      steady: new Map(limitsByRole(budget).map(([role, { cpuMillis }]) => [role, cpuMillis])),
      lenders: REGION_ROLES,
    });
    const common = (role: RegionRole, limits: ContainerLimits) => ({
      host,
      owner: { region: region.name, role },
      containerName: names(role),
      hostname: names(role),
      tenant: region.owner,
      disk,
      limits,
      startCpu,
      networks: [this.attach(own.name, region, role)] as [Attachment],
    });

    const own = network(
      `${name}-network`,
      {
        host,
        owner: { region: region.name, role: "network" },
        networkName: regionNetwork(region.name),
        subnet: addresses.subnet,
        gateway: addresses.gateway,
        internal: true,
      },
      child,
    );
    this.db = new Postgres(
      `${name}-db`,
      { ...common("db", budget.limits.db), role: databaseRole(region.name), tuning: budget.postgres },
      child,
    );
    this.cache = new Redis(
      `${name}-cache`,
      { ...common("cache", budget.limits.cache), tuning: budget.redis },
      child,
    );
    this.storage = new Storage(`${name}-storage`, common("storage", budget.limits.storage), child);

    const env = {
      ...gameEnv(region, args.environment),
      ADMIN_PASSWORD: adminPassword(`${name}-admin-password`, args.keys.encryption, region.name, child),
      ARIA_ENCRYPTION_KEY: derivedFernetKey(args.keys.encryption, `aria:${region.name}`),
      JWT_SECRET: password(`${name}-jwt-secret`, child),
      DATABASE_URL: this.db.url,
      REDIS_URL: this.cache.url,
      STORAGE_URL: this.storage.url,
      STORAGE_TOKEN: this.storage.token,
    };
    const afterData = { parent: this, dependsOn: [this.db.container, this.cache.container] };
    const server = common("server", budget.limits.server);
    this.server = gameServer(
      `${name}-server`,
      {
        ...server,
        image: host.images.gameServer,
        leastCpuMillis: leastCpuMillis("server"),
        tuning: budget.server,
        variables: args.variables,
        networks: [
          ...server.networks,
          // A fixed address: a freed one could otherwise be given to another region while the gateway remembers it.
          { name: args.regionalNetwork, aliases: [names("server")], ipv4Address: addresses.regional },
        ],
        env: {
          ...env,
          SERVICE_TYPE: "region",
          REGION_TOKEN: derivedToken(args.keys.registration, region.name),
        },
      },
      afterData,
    );
    if (budget.limits.worker) {
      this.worker = gameServer(
        `${name}-worker`,
        {
          ...common("worker", budget.limits.worker),
          image: host.images.worker,
          variables: args.variables,
          leastCpuMillis: leastCpuMillis("worker"),
          tuning: budget.worker,
          env: { ...env, SERVICE_TYPE: "worker" },
        },
        afterData,
      );
    }
    this.registerOutputs({
      // Again, because outputs are all that a stack policy sees of a component.
      ...shown(region),
      server: this.server,
      ...(this.worker && { worker: this.worker }),
      db: this.db,
      cache: this.cache,
      storage: this.storage,
    });
  }

  private attach(networkName: pulumi.Input<string>, region: RegionModel, role: RegionRole): Attachment {
    return {
      name: networkName,
      aliases: [regionContainer(region.name, role)],
      ipv4Address: region.addresses.hosts[role],
    };
  }
}

/** The region as it was sold: inputs of the component, so that previews and policies see what it is and what changes. */
function shown({ name, slot, owner, players, resources, addresses }: RegionModel) {
  return { name, slot, owner, players, ...resources, subnet: addresses.subnet };
}

/** Name of a region's database and role. Region names have no underscore, so two never meet. */
export function databaseRole(regionName: string): string {
  return `region_${regionName.replaceAll("-", "_")}`;
}

/** The game's own settings as the server reads them. Free-form data stays data: JSON in one variable each. */
function gameEnv(region: RegionModel, environment: string): Record<string, string> {
  const { game } = region;
  return {
    ADMIN_USERNAME: "admin",
    AESTHETIC_THEME: JSON.stringify(game.theme),
    CENTRAL_NEXUS_URL: "http://central-nexus-server:8080",
    CUSTOM_RULES: JSON.stringify(game.rules),
    ECONOMIC_SPECIALIZATION: game.economy,
    ENVIRONMENT: environment,
    GOVERNANCE_TYPE: game.governance,
    LANGUAGE_PACK: JSON.stringify(game.language),
    MAX_PLAYERS: String(region.players),
    REGION_ID: region.name,
    REGION_NAME: region.name,
    REGION_OWNER_ID: region.owner,
    STARTING_CREDITS: String(game.startingCredits),
    STARTING_SHIP: game.startingShip,
  };
}
