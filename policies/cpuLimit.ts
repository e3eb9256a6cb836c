import { CPU_PERIOD_MICROS } from "../components/resize";
import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";

/** 1 ms, the shortest quota that Docker takes; 0 means none. */
const MIN_QUOTA_MICROS = 1000;

/**
 * Only a quota can be changed in the running container: `cpus` excludes it for the container's life, and every change
 * of it replaces the container (docs/adr/0010-policies.md).
 */
export const cpuLimit = resourcePolicy({
  name: "cpu-limit",
  description: "Every container has a CPU limit, as a quota of a 100 ms period and never as `cpus`.",
  type: CONTAINER,
  config: {},
  whenUnknown: "refuse",
  check({ props, part, report }) {
    part(() => {
      if (props.cpus) report("cpus is set: give cpuPeriod and cpuQuota instead");
    });
    part(() => {
      if (props.cpuPeriod !== CPU_PERIOD_MICROS) report(`cpuPeriod is not ${CPU_PERIOD_MICROS}`);
    });
    part(() => {
      if (!((props.cpuQuota ?? 0) >= MIN_QUOTA_MICROS))
        report(`cpuQuota is not set to ${MIN_QUOTA_MICROS} or more`);
    });
  },
});
