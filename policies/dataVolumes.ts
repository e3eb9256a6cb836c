import { resourcePolicy } from "./kit/define";
import { VOLUME } from "./kit/resources";

/**
 * Every argument of a Docker volume replaces it, and removing one removes what it holds. Data is in folders of the host;
 * the volumes that name them are no resources (docs/adr/0036-data-volumes-are-made-by-their-containers.md).
 */
export const dataVolumes = resourcePolicy({
  name: "data-volumes",
  description: "A volume among the resources holds configuration that can be written again, and no data.",
  type: VOLUME,
  config: {},
  whenUnknown: "refuse",
  check({ props, part, report }) {
    part(() => {
      if (!props.name?.endsWith("-config")) report("name does not end in -config");
    });
    part(() => {
      if (props.driver !== "local") report("driver is not local");
    });
    part(() => {
      const options = Object.keys(props.driverOpts ?? {}).filter((key) => key !== "__defaults");
      if (options.length > 0)
        report("driverOpts are set: data would be bound by a resource that can be deleted");
    });
    part(() => {
      if ((props.labels ?? []).length > 0) report("labels are set: a changed one would replace the volume");
    });
    part(() => {
      if (props.cluster) report("cluster is set");
    });
  },
});
