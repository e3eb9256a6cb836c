import * as pulumi from "@pulumi/pulumi";
import type { Starts } from "./starts";

export const READY_TYPE = "nexus:ready:Ready";

/** As it stands in the state: what has been seen ready. */
export interface ReadyInputs {
  /** Ids of containers by role. */
  containers?: Record<string, string>;
}

/**
 * The end of a region, or of the Nexus: all its containers are ready. Its inputs are their ids, so it is a step exactly
 * when there is a new one; a component with hooks, because a failing one ends the step with the old state kept. So the
 * state says of each container whether it was ever seen ready.
 */
export class Ready extends pulumi.ComponentResource {
  /** @param starts with all containers added */
  constructor(name: string, starts: Starts, opts?: pulumi.ComponentResourceOptions) {
    const wait = ({ newInputs, oldInputs }: pulumi.ResourceHookArgs): Promise<void> => {
      const { containers: old = {} } = (oldInputs ?? {}) as ReadyInputs;
      const { containers = {} } = (newInputs ?? {}) as ReadyInputs;
      return starts.require(Object.keys(containers).filter((role) => containers[role] !== old[role]));
    };
    const ours = { hooks: { beforeCreate: [wait], beforeUpdate: [wait] } };
    super(READY_TYPE, name, { containers: starts.ids }, pulumi.mergeOptions(ours, opts));
    this.registerOutputs({});
  }
}
