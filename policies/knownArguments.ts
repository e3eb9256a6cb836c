import type { ResourceValidationPolicy } from "@pulumi/policy";
import { CONTAINER_ARGUMENTS, NETWORK_ARGUMENTS, VOLUME_ARGUMENTS } from "../components/arguments";
import { resourcePolicy, together } from "./kit/define";
import { isEmpty } from "./kit/empty";
import { CONTAINER, NETWORK, VOLUME } from "./kit/resources";

/** By type: what the components may set, and what the provider fills in by itself before policies look. */
const KNOWN = {
  [CONTAINER]: {
    given: CONTAINER_ARGUMENTS,
    filledIn: { containerReadRefreshTimeoutMilliseconds: 15_000, removeVolumes: true, start: true },
  },
  [NETWORK]: { given: NETWORK_ARGUMENTS, filledIn: { ipamDriver: "default" } },
  [VOLUME]: { given: VOLUME_ARGUMENTS, filledIn: {} },
};

/**
 * The other policies judge what they know. Docker has far more arguments, some of which give away the host
 * (`groupAdds`, `gpus`, `runtime`, `sysctls`, a network's `options`), so what nobody has looked at is refused. The
 * table's own effects are tested on a real engine (test/engine/conformance.test.ts).
 */
export const knownArguments: ResourceValidationPolicy = together(
  ([CONTAINER, NETWORK, VOLUME] as const).map((type) =>
    resourcePolicy({
      name: "known-arguments",
      description: "Docker objects have no argument but those that the components may set.",
      type,
      config: {},
      whenUnknown: "refuse",
      check({ props, part, report }) {
        const { given } = KNOWN[type];
        const filledIn: Record<string, unknown> = KNOWN[type].filledIn;
        const more = Object.keys(props).filter((key) => !(key in given) && !key.startsWith("__"));
        for (const key of more) {
          part(() => {
            const value = (props as Record<string, unknown>)[key];
            const asUsual = key in filledIn ? value === filledIn[key] : isEmpty(value);
            if (!asUsual) report(`${key} is set, which no component does (components/arguments.ts)`);
          });
        }
      },
    }),
  ),
);
