import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";

/** Without one, Docker calls a server that hangs running, and the next `up` starts what depends on it. */
export const healthChecks = resourcePolicy({
  name: "health-checks",
  description: "Every container that keeps running has a health check.",
  type: CONTAINER,
  config: {},
  whenUnknown: "refuse",
  check({ props, report }) {
    if (props.mustRun === false) return;
    const tests = props.healthcheck?.tests ?? [];
    // NONE switches the image's own check off.
    if (!/^CMD(-SHELL)?$/.test(tests[0] ?? "") || tests.length < 2) {
      report("healthcheck.tests is not a CMD or CMD-SHELL with a command");
    }
  },
});
