import { stackPolicy } from "./kit/define";
import { CONTAINER, cpuMillis, memoryBytes, NEXUS, ownerOf, REGION } from "./kit/resources";

/** What was sold to a region is all that its containers get together (catalog/regionBudget.ts splits it). */
export const regionSum = stackPolicy({
  name: "region-sum",
  description: "The limits of a region's containers add up to no more than the region's own size.",
  config: {},
  check({ all, part, report }) {
    const used = new Map<string, { cpu: number; memory: number }>();
    for (const { urn, props } of all(CONTAINER)) {
      part(() => {
        const { region } = ownerOf(props);
        if (region === NEXUS) return;
        const sum = used.get(region) ?? { cpu: 0, memory: 0 };
        used.set(region, sum);
        sum.cpu += cpuMillis(props);
        sum.memory += memoryBytes(props);
        if (region === "") report("belongs to no region by its labels", urn);
      }, urn);
    }
    for (const { urn, props } of all(REGION)) {
      part(() => {
        const sum = used.get(props.name ?? "");
        used.delete(props.name ?? "");
        // Containers that name nobody, or another one, would otherwise leave it well within its size.
        if (!sum) return report("no container is labelled for it", urn);
        const { cpuMillis: cpu, memoryBytes: memory } = props;
        if (!(sum.cpu <= Number(cpu)))
          report(`its containers get ${sum.cpu} thousandths of a CPU, it has ${cpu ?? "none"}`, urn);
        if (!(sum.memory <= Number(memory)))
          report(`its containers get ${sum.memory} bytes of memory, it has ${memory ?? "none"}`, urn);
      }, urn);
    }
    used.delete("");
    for (const region of used.keys())
      report(`containers are labelled for region ${region}, which is not declared`);
  },
});
