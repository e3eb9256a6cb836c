import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { CONFIG_PATH } from "../../catalog/names";
import { dataService } from "../dataService";
import { childOf } from "../former";
import { guard } from "../guard";
import { httpHealth } from "../http";
import type { DataServiceArgs } from "../service";
import { DATA_PATH, PORT, storageConf } from "./files";

export interface Storage {
  url: string;
  /** Bearer token. Secret. */
  token: pulumi.Output<string>;
  container: docker.Container;
}

/** File storage over HTTP (nginx with WebDAV), open to holders of its token. */
export function storage(name: string, args: DataServiceArgs, opts: pulumi.CustomResourceOptions): Storage {
  const { secrets } = args.area;
  const child = pulumi.mergeOptions(opts, { aliases: [childOf("nexus:data:Storage", name, opts.parent)] });
  const token = secrets.password(`${name}-token`, child);

  // nginx makes the upload folder itself, but not the document root.
  const start = `${guard(DATA_PATH)}mkdir -p ${DATA_PATH}/files && exec nginx -c ${CONFIG_PATH}/nginx.conf -g 'daemon off;'`;
  const container = dataService(
    name,
    args,
    {
      entrypoint: ["sh", "-c", start],
      files: [{ name: "nginx.conf", content: token.apply(storageConf) }],
      health: httpHealth(PORT),
    },
    child,
  );
  return { url: `http://${args.desired.hostname}:${PORT}`, token, container };
}
