import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../../catalog/desired";
import { CONFIG_PATH } from "../../catalog/names";
import { NEXUS_SERVICES } from "../../catalog/nexus";
import { serviceContainer } from "../container";
import { required } from "../gameServer";
import type { Area } from "../service";
import { configVolume } from "../volumes";
import { blackboxYml } from "./files";

const { port } = NEXUS_SERVICES.blackboxExporter;

export interface BlackboxExporterArgs {
  area: Area;
  /** Limits change in place, everything else replaces. */
  desired: DesiredContainer;
}

/** Asks others for Prometheus whether they answer: what `/probe?module=…&target=…` names. It keeps nothing. */
export function blackboxExporter(
  name: string,
  { area, desired }: BlackboxExporterArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  return serviceContainer(
    `${name}-container`,
    {
      ...{ area, desired },
      entrypoint: [
        "blackbox_exporter",
        `--config.file=${CONFIG_PATH}/blackbox.yml`,
        `--web.listen-address=:${port}`,
      ],
      config: {
        volume: configVolume(`${name}-config`, desired, opts),
        files: [{ name: "blackbox.yml", content: blackboxYml() }],
      },
      health: required(desired.image),
    },
    opts,
  );
}
