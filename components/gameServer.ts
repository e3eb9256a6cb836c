import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Image } from "../images/table";
import type { ContainerLimits, ServerTuning } from "../regions/model";
import { healthInterval, healthTimeout, patience } from "../regions/patience";
import { type Attachment, serviceContainer } from "./container";
import { restartingTest } from "./healthWatch";
import type { HostArgs, Owner } from "./host";
import { LOOPBACK, SERVER_PORT } from "./layout";
import type { OperatorVariables } from "./operatorVariables";
import type { StartCpu } from "./start/startCpu";

export interface GameServerArgs {
  host: HostArgs;
  /** The game server's image, or the worker's. A change replaces. */
  image: Image;
  owner: Owner;
  /** A change replaces. */
  containerName: string;
  networks: [Attachment, ...Attachment[]];
  /** A change is in place. */
  limits: ContainerLimits;
  /** What its region, or the Nexus, lends it while it starts. */
  startCpu?: StartCpu;
  /** What it has in the smallest size that there is: its health test is made for that, and a resize replaces nothing. */
  leastCpuMillis: number;
  /** Web workers and connection pool, from the number of players; a change replaces. */
  tuning: ServerTuning;
  /** Variables of the role beside the common ones; secrets as secret outputs. A change replaces. */
  env: Record<string, pulumi.Input<string>>;
  /** The operator's own. A change replaces. */
  variables: OperatorVariables;
  publish?: { external: number };
}

/**
 * The operator's game server image: Nexus, region server and usually the worker run it and differ in their environment.
 * Secrets are variables here because the real server reads no files. It starts once what it depends on is healthy.
 */
export function gameServer(
  name: string,
  args: GameServerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { host, image, owner, containerName, networks, limits, startCpu, tuning, variables, publish } = args;
  return serviceContainer(
    name,
    {
      host,
      owner,
      containerName,
      image,
      limits,
      startCpu,
      networks,
      secretVariables: variables.secrets,
      env: {
        ...variables.env,
        GAMESERVER_MODE: "production",
        PYTHONDONTWRITEBYTECODE: "1",
        SQLALCHEMY_MAX_OVERFLOW: String(tuning.maxOverflow),
        SQLALCHEMY_POOL_SIZE: String(tuning.poolSize),
        UVICORN_WORKERS: String(tuning.webWorkers),
        ...args.env,
      },
      tmpfs: { "/tmp": "mode=1777" },
      health: restartingTest(required(image), host.restartUnhealthySeconds),
      init: host.restartUnhealthySeconds > 0,
      ...testing(args),
      publish: publish && [{ internal: SERVER_PORT, external: publish.external, ip: LOOPBACK }],
      stopGraceSeconds: 30,
    },
    opts,
  );
}

function testing({ host, image: { needs }, leastCpuMillis }: GameServerArgs) {
  if (!needs) return {};
  return {
    healthIntervalSeconds: healthInterval(needs, host.healthIntervalSeconds, leastCpuMillis),
    healthTimeoutSeconds: healthTimeout(needs, leastCpuMillis),
    startPeriodSeconds: patience(needs, leastCpuMillis),
  };
}

/** The health check that an image brings. The image table sets one for every role that needs it. */
export function required({ ref, health }: Image): string[] {
  if (!health)
    throw new pulumi.RunError(`Image ${ref} has no health test; give one in nexus:imageOverrides.`);
  return health;
}
