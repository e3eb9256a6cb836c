import * as pulumi from "@pulumi/pulumi";
import { REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../catalog/names";
import type { HostArgs, Owner } from "./host";

/** The value of an input. Only for hooks: they run when everything that they use is known. */
export function known<T>(input: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => {
    pulumi.output(input).apply((value) => resolve(value as T));
  });
}

/** Labels of a short-lived container, so that one left by a killed run is found and removed by the next. */
export async function jobLabels(
  host: Pick<HostArgs, "stackId">,
  owner: Owner,
  purpose: string,
): Promise<Record<string, string>> {
  return {
    [STACK_LABEL]: await known(host.stackId),
    [REGION_LABEL]: owner.region,
    [ROLE_LABEL]: purpose,
  };
}
