import { DATA_ROLES } from "../catalog/services";
import { resourcePolicy } from "./kit/define";
import { CONTAINER, ownerOf } from "./kit/resources";
import { list } from "./kit/schema";

interface Config {
  roles: string[];
}

/**
 * Containers are replaced all the time, and what is written to their own layer, to an anonymous volume or to tmpfs is
 * gone then. Policies see no plan, so they cannot refuse a replacement; they see to it that none can cost data. Which
 * volume it is, and where, `own-volumes` says.
 */
export const stateInVolumes = resourcePolicy<typeof CONTAINER, Config>({
  name: "state-in-volumes",
  description: "What keeps data keeps it in a named data volume, so that no replacement can delete it.",
  type: CONTAINER,
  config: {
    roles: list([...DATA_ROLES]),
  },
  whenUnknown: "refuse",
  check({ props, config, report }) {
    if (!config.roles.includes(ownerOf(props).role)) return;
    const kept = (props.volumes ?? []).some(
      ({ volumeName, containerPath, readOnly }) =>
        /-data$/.test(volumeName ?? "") && Boolean(containerPath) && !readOnly,
    );
    if (!kept) report("it has no writable volume whose name ends in -data");
  },
});
