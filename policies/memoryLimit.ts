import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";
import { integer } from "./kit/schema";

/**
 * Memory equal to memory and swap together means no swap. Left out, swap is as large as memory again, and Docker
 * refuses to raise memory above a total that is not raised along (docs/adr/0010-policies.md).
 */
export const memoryLimit = resourcePolicy({
  name: "memory-limit",
  description: "Every container has a memory limit, and its swap total is the same.",
  type: CONTAINER,
  // Docker's own smallest limit.
  config: { minMiB: integer(6, 6) },
  whenUnknown: "refuse",
  check({ props, config, part, report }) {
    part(() => {
      if (!((props.memory ?? 0) >= config.minMiB))
        report(`memory is not set to ${config.minMiB} MiB or more`);
    });
    part(() => {
      if (props.memory !== props.memorySwap) report("memorySwap is not the same as memory");
    });
  },
});
