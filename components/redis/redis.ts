import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { CONFIG_PATH } from "../../catalog/names";
import type { RedisTuning } from "../../regions/model";
import { dataService } from "../dataService";
import { childOf } from "../former";
import { guard } from "../guard";
import type { DataServiceArgs } from "../service";
import { DATA_PATH, healthCheck, PORT, redisConf, redisTuning, usersAcl } from "./files";

export interface RedisArgs extends DataServiceArgs {
  /** Follows from the limits; a change is in place. */
  tuning: RedisTuning;
}

export interface Redis {
  /** `redis://` URL of the application's user. Secret. */
  url: pulumi.Output<string>;
  container: docker.Container;
}

/** Redis 7 with an append-only file. One per region: its pub/sub ignores database numbers. */
export function redis(name: string, args: RedisArgs, opts: pulumi.CustomResourceOptions): Redis {
  const { secrets } = args.area;
  const child = pulumi.mergeOptions(opts, { aliases: [childOf("nexus:data:Redis", name, opts.parent)] });
  const appPassword = secrets.password(`${name}-app-password`, child);
  const operatorPassword = secrets.password(`${name}-operator-password`, child);

  const container = dataService(
    name,
    args,
    {
      entrypoint: ["sh", "-c", `${guard(DATA_PATH)}exec redis-server ${CONFIG_PATH}/redis.conf`],
      files: [
        { name: "redis.conf", content: redisConf() },
        {
          name: "users.acl",
          content: pulumi.all([appPassword, operatorPassword]).apply((both) => usersAcl(...both)),
        },
        { name: "app-password", content: appPassword },
        { name: "operator-password", content: operatorPassword },
      ],
      tuning: redisTuning(args.tuning),
      health: healthCheck(),
    },
    child,
  );
  const url = pulumi.secret(
    pulumi.interpolate`redis://app:${appPassword}@${args.desired.hostname}:${PORT}/0`,
  );
  return { url, container };
}
