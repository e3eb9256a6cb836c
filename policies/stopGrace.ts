import { DATA_ROLES } from "../catalog/services";
import { resourcePolicy } from "./kit/define";
import { CONTAINER, ownerOf } from "./kit/resources";
import { integer, list } from "./kit/schema";

/** Unset means SIGKILL at once: the provider stops a container with an explicit timeout of 0. */
export const stopGrace = resourcePolicy({
  name: "stop-grace",
  description: "Every container has time to stop, and databases have the time to write everything down.",
  type: CONTAINER,
  config: {
    // Docker's own default for `docker stop`.
    seconds: integer(10, 1),
    databaseSeconds: integer(60, 1),
    // Everything that keeps data, but for the file storage, which has written a file before it answers.
    databases: list(DATA_ROLES.filter((role) => role !== "storage")),
  },
  whenUnknown: "refuse",
  check({ props, config, report }) {
    const least = config.databases.includes(ownerOf(props).role) ? config.databaseSeconds : config.seconds;
    if (!((props.destroyGraceSeconds ?? 0) >= least))
      report(`destroyGraceSeconds is not set to ${least} or more`);
  },
});
