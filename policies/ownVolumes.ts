import { CONFIG_PATH, configVolumeName, dataVolumeName } from "../catalog/names";
import { serviceOf } from "../catalog/services";
import { resourcePolicy } from "./kit/define";
import { CONTAINER, type ContainerProps, ownerOf } from "./kit/resources";

type Mounted = NonNullable<ContainerProps["volumes"]>[number];

/**
 * A volume is bound by its name alone, and Docker hands it to whoever names it: another region's data would be one
 * name away. `region-isolation` holds a region's container to the name of its labels.
 */
export const ownVolumes = resourcePolicy({
  name: "own-volumes",
  description: "A container mounts its own data and configuration volumes, where its role expects them.",
  type: CONTAINER,
  config: {},
  // Names of volumes are plain values; they only travel through the volume's outputs.
  whenUnknown: "refuse",
  check({ props, part, report }) {
    const { name = "", volumes = [] } = props;
    for (const index of volumes.keys()) {
      part(() => {
        const wrong = complaint(volumes[index] ?? {}, name, () => serviceOf(ownerOf(props))?.dataPath);
        if (wrong) report(`volumes.${index} ${wrong}`);
      });
    }
  },
});

function complaint(
  { volumeName, containerPath, readOnly }: Mounted,
  containerName: string,
  dataPath: () => string | undefined,
): string | undefined {
  const [config, data] = [configVolumeName(containerName), dataVolumeName(containerName)];
  if (volumeName === config) {
    return containerPath === CONFIG_PATH && readOnly ? undefined : `is not read-only at ${CONFIG_PATH}`;
  }
  if (volumeName !== data) return `is neither ${config} nor ${data}`;
  const isThere = containerPath !== undefined && containerPath === dataPath();
  return isThere ? undefined : "is not at the data path of its role (catalog/)";
}
