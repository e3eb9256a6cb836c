import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../catalog/desired";
import type { Image } from "../images/image";
import type { ServerTuning } from "../regions/model";
import { healthInterval, healthTimeout, patience } from "../regions/patience";
import { serviceContainer } from "./container";
import { restartingTest, watchInterval } from "./healthWatch";
import type { OperatorVariables } from "./operatorVariables";
import type { Area } from "./service";

export interface GameServerArgs {
  area: Area;
  /** Limits change in place, everything else replaces. */
  desired: DesiredContainer;
  /** What it has in the smallest size that there is: its health test is made for that, and a resize replaces nothing. */
  leastCpuMillis: number;
  /** Web workers and connection pool, from the number of players; a change replaces. */
  tuning: ServerTuning;
  /** Variables of the role beside the common ones; secrets as secret outputs. A change replaces. */
  env: Record<string, pulumi.Input<string>>;
  /** The operator's own. A change replaces. */
  variables: OperatorVariables;
  /** Roles that must be ready before it is made. */
  after: readonly string[];
}

/**
 * The operator's game server image: Nexus, region server and usually the worker run it and differ in their environment.
 * Secrets are variables here because the real server reads no files. It starts once what it depends on is ready.
 */
export function gameServer(
  name: string,
  args: GameServerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { area, desired, tuning, variables } = args;
  const { restartUnhealthySeconds } = area.host;
  return serviceContainer(
    name,
    {
      ...{ area, desired, after: args.after },
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
      health: restartingTest(required(desired.image), restartUnhealthySeconds),
      init: restartUnhealthySeconds > 0,
      ...testing(args),
    },
    opts,
  );
}

function testing({ area, desired, leastCpuMillis }: GameServerArgs) {
  const { needs } = desired.image;
  const usual = watchInterval(area.host.healthIntervalSeconds, area.host.restartUnhealthySeconds);
  if (!needs) return { healthIntervalSeconds: usual };
  return {
    healthIntervalSeconds: healthInterval(needs, usual, leastCpuMillis),
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
