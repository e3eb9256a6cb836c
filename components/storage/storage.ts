import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { CONFIG_PATH } from "../../catalog/names";
import { dataService } from "../dataService";
import { guard } from "../guard";
import { httpHealth } from "../http";
import { password } from "../secrets";
import type { DataServiceArgs } from "../service";
import { DATA_PATH, PORT, storageConf } from "./files";

/** File storage over HTTP (nginx with WebDAV), open to holders of its token. */
export class Storage extends pulumi.ComponentResource {
  readonly url: string;
  /** Bearer token. Secret. */
  readonly token: pulumi.Output<string>;
  readonly container: docker.Container;

  constructor(name: string, args: DataServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nexus:data:Storage", name, {}, opts);
    const child = { parent: this };
    this.url = `http://${args.desired.hostname}:${PORT}`;
    this.token = password(`${name}-token`, child);

    // nginx makes the upload folder itself, but not the document root.
    const start = `${guard(DATA_PATH)}mkdir -p ${DATA_PATH}/files && exec nginx -c ${CONFIG_PATH}/nginx.conf -g 'daemon off;'`;
    this.container = dataService(
      name,
      args,
      {
        entrypoint: ["sh", "-c", start],
        files: [{ name: "nginx.conf", content: this.token.apply(storageConf) }],
        health: httpHealth(PORT),
      },
      child,
    );
    this.registerOutputs({ url: this.url, token: this.token, container: this.container });
  }
}
