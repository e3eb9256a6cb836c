import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containerIn, containersOf, type Desired, networkNamed } from "../catalog/desired";
import { regionNetwork } from "../catalog/names";
import { NEXUS_SERVICES } from "../catalog/nexus";
import type { RegionRole } from "../catalog/region";
import { leastCpuMillis } from "../catalog/regionBudget";
import { REGION_ROLES } from "../catalog/services";
import type { RegionModel } from "../regions/model";
import { areaParts } from "./area";
import { gameServer } from "./gameServer";
import type { HostArgs } from "./host";
import { network } from "./networks";
import type { OperatorVariables } from "./operatorVariables";
import { postgres } from "./postgres/postgres";
import { Ready } from "./ready/ready";
import { Starts } from "./ready/starts";
import { redis } from "./redis/redis";
import { areaSecrets, derivedFernetKey, derivedToken, type RegionKeys } from "./secrets";
import type { DataArea } from "./service";
import { storage } from "./storage/storage";

export interface RegionStackArgs {
  host: HostArgs;
  /**
   * The region's file. CPU, memory and disk change in place; players, game settings and owner restart server and
   * worker; another name or slot is another region, or another network for all its containers.
   */
  region: RegionModel;
  /** What it shall have on the host; each container says what a change of it means. */
  desired: Desired;
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
  constructor(name: string, args: RegionStackArgs, opts?: pulumi.ComponentResourceOptions) {
    const { host, region, keys, diskKeeper } = args;
    const { budget } = region;
    const { diskBytes } = region.resources;
    const services = new Map(containersOf(args.desired, region.name).map((one) => [one.role, one]));
    const service = (role: RegionRole) => containerIn(args.desired, { region: region.name, role });
    const access = {
      ...{ host, desired: service("db"), role: databaseRole(region.name) },
      ...{ subnet: region.addresses.subnet, root: keys.encryption },
    };
    const parts = areaParts({ access, diskBytes, diskKeeper, tenant: region.owner });
    super(
      "nexus:region:RegionStack",
      name,
      { ...shown(region), ...parts.inputs },
      pulumi.mergeOptions(parts.opts, opts),
    );
    const child = { parent: this };
    const own = network(
      `${name}-network`,
      { host, desired: networkNamed(args.desired, host.namePrefix + regionNetwork(region.name)) },
      child,
    );
    const secrets = areaSecrets(name, child);
    const area: DataArea = {
      ...{ host, secrets, tenant: region.owner, ...(diskKeeper && { diskBytes }) },
      networks: { own: own.name, regional: args.regionalNetwork },
      starts: new Starts(host, {
        ...{ area: region.name, totalMillis: region.resources.cpuMillis },
        steady: new Map([...services].map(([role, { limits }]) => [role, limits.cpuMillis])),
        lenders: REGION_ROLES,
      }),
    };
    const db = postgres(
      `${name}-db`,
      { area, desired: service("db"), access, tuning: budget.postgres },
      child,
    );
    const cache = redis(`${name}-cache`, { area, desired: service("cache"), tuning: budget.redis }, child);
    const files = storage(`${name}-storage`, { area, desired: service("storage") }, child);

    const env = {
      ...gameEnv(region, args.environment),
      ADMIN_PASSWORD: secrets.admin(keys.encryption, region.name),
      ARIA_ENCRYPTION_KEY: derivedFernetKey(keys.encryption, `aria:${region.name}`),
      JWT_SECRET: secrets.password(`${name}-jwt-secret`, child),
      DATABASE_URL: db.url,
      REDIS_URL: cache.url,
      STORAGE_URL: files.url,
      STORAGE_TOKEN: files.token,
    };
    const afterData = { parent: this, dependsOn: [db.container, cache.container] };
    const common = { area, variables: args.variables, after: ["db", "cache"] };
    gameServer(
      `${name}-server`,
      {
        ...{ ...common, desired: service("server"), tuning: budget.server },
        leastCpuMillis: leastCpuMillis("server", region.split),
        env: {
          ...env,
          SERVICE_TYPE: "region",
          REGION_TOKEN: derivedToken(keys.registration, region.name),
        },
      },
      afterData,
    );
    if (services.has("worker")) {
      gameServer(
        `${name}-worker`,
        {
          ...{ ...common, desired: service("worker"), tuning: budget.worker },
          leastCpuMillis: leastCpuMillis("worker", region.split),
          env: { ...env, SERVICE_TYPE: "worker" },
        },
        afterData,
      );
    }
    new Ready(`${name}-ready`, area.starts, child);
    // Again, because outputs are all that a stack policy sees of a component.
    this.registerOutputs(shown(region));
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
    CENTRAL_NEXUS_URL: `http://${NEXUS_SERVICES.server.container}:${NEXUS_SERVICES.server.port}`,
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
