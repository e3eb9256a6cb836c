import { posix } from "node:path";
import { dataVolumeOf } from "../catalog/services";
import { resourcePolicy } from "./kit/define";
import { VOLUME, type VolumeProps } from "./kit/resources";

/**
 * Every argument of a Docker volume replaces it, labels included. In its one constant form nothing is left that could
 * change: the folder follows from the name, and the options are always the same (docs/adr/0002-data-on-the-host.md).
 * `retainOnDelete` is not shown to policies; unit tests look at it.
 */
export const dataVolumes = resourcePolicy({
  name: "data-volumes",
  description:
    "A volume is a fixed name for a folder on the host, or holds configuration that can be written again.",
  type: VOLUME,
  config: {},
  // A region's folder is known once its disk is mounted.
  whenUnknown: "judge at up",
  check({ props, part, report }) {
    part(() => {
      if (!props.name) report("name is not given: a made-up one would lose the data at the next run");
    });
    part(() => {
      if (props.driver !== "local") report("driver is not local");
    });
    part(() => {
      if ((props.labels ?? []).length > 0) report("labels are set: a changed one would replace the volume");
    });
    part(() => {
      if (props.cluster) report("cluster is set");
    });
    part(() => {
      const kind = /-(data|config)$/.exec(props.name ?? "")?.[1];
      if (!kind) report("name ends neither in -data nor in -config");
      else if (kind === "config" && Object.keys(optionsOf(props)).length > 0) report("driverOpts are set");
      else if (kind === "data") checkFolder(props, report);
    });
  },
});

function checkFolder(props: VolumeProps, report: (message: string) => void): void {
  const { device = "", o, type, ...more } = optionsOf(props);
  if (o !== "bind" || type !== "none" || Object.keys(more).length > 0) {
    report("driverOpts are not the constant type=none, o=bind and device");
    return;
  }
  const folders = device.split("/").filter(Boolean);
  if (!device.startsWith("/") || device !== posix.normalize(device) || folders.length < 3) {
    report("driverOpts.device is not a folder <data root>/<region>/<role>");
    return;
  }
  const [region = "", role = ""] = folders.slice(-2);
  const volume = dataVolumeOf({ region, role });
  if (!volume || !props.name?.endsWith(volume)) report("driverOpts.device is the folder of another volume");
}

/** Without what the SDK adds to remember defaults. */
function optionsOf({ driverOpts = {} }: VolumeProps): Record<string, string> {
  return Object.fromEntries(
    Object.keys(driverOpts)
      .filter((key) => key !== "__defaults")
      .map((key) => [key, driverOpts[key] ?? ""]),
  );
}
