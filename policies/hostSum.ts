import { stackPolicy } from "./kit/define";
import { CONTAINER, cpuMillis, memoryBytes, REGION } from "./kit/resources";
import { integer } from "./kit/schema";

interface Config {
  cpuMillis: number;
  memoryBytes: number;
  diskBytes: number;
  cpuOvercommit: number;
}

/**
 * The last line behind admission (`nexus capacity`), which measures the host and says which regions do not fit. This
 * one adds up what would really be made, against a figure that is reviewed with the policies.
 */
export const hostSum = stackPolicy<Config>({
  name: "host-sum",
  description: "All containers and regions of the stack together fit what the host is declared to have.",
  config: {
    // The specification's host: 64 vCPU, 64 GB, 500 GB.
    cpuMillis: integer(64_000, 1),
    memoryBytes: integer(64_000_000_000, 1),
    diskBytes: integer(500_000_000_000, 1),
    // For CPU only: a container short of memory or disk fails instead of being slow.
    cpuOvercommit: { type: "number", minimum: 1, default: 1 },
  },
  check({ all, config, part, report }) {
    const sum = { cpu: 0, memory: 0, disk: 0 };
    for (const { urn, props } of all(CONTAINER)) {
      part(() => {
        sum.cpu += cpuMillis(props);
        sum.memory += memoryBytes(props);
      }, urn);
    }
    for (const { urn, props } of all(REGION)) {
      part(() => {
        sum.disk += props.diskBytes ?? 0;
      }, urn);
    }
    const cpu = config.cpuMillis * config.cpuOvercommit;
    if (sum.cpu > cpu) report(`containers get ${sum.cpu} thousandths of a CPU, the host promises ${cpu}`);
    const { memoryBytes: memory, diskBytes: disk } = config;
    if (sum.memory > memory) report(`containers get ${sum.memory} bytes of memory, the host has ${memory}`);
    if (sum.disk > disk) report(`regions get ${sum.disk} bytes of disk, the host has ${disk}`);
  },
});
