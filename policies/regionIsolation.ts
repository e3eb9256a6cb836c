import { resourcePolicy } from "./kit/define";
import { CONTAINER, NEXUS, ownerOf } from "./kit/resources";
import { list } from "./kit/schema";

interface Config {
  frontDoors: string[];
}

/** A player owns a region and can run code in it; what the others' networks do not show cannot be attacked. */
export const regionIsolation = resourcePolicy<typeof CONTAINER, Config>({
  name: "region-isolation",
  description: "A region's containers are on the region's network only; its server is on `regional` as well.",
  type: CONTAINER,
  config: { frontDoors: list(["server"]) },
  // Names of networks are plain values; they only travel through the network's outputs.
  whenUnknown: "refuse",
  check({ props, config, part, report }) {
    part(() => {
      const { region, role } = ownerOf(props);
      if (!region || !role) return report("its labels do not say whose it is");
      const prefix = prefixOf(props.name, `region-${region}-${role}`);
      if (region === NEXUS) return;
      if (prefix === undefined)
        return report("its name does not end in region-<region>-<role> of its labels");
      const allowed = [`${prefix}region-${region}`];
      if (config.frontDoors.includes(role)) allowed.push(`${prefix}regional`);

      const networks = props.networksAdvanced ?? [];
      // Without any, Docker puts it on its default bridge, with every other such container of the host.
      if (networks.length === 0 && props.networkMode !== "none") report("it joins no network of its own");
      for (const index of networks.keys()) {
        part(() => {
          if (!allowed.includes(networks[index]?.name ?? "")) {
            report(`networksAdvanced.${index} is neither the region's own network nor one for its role`);
          }
        });
      }
    });
    part(() => {
      // "bridge" is what the provider fills in; the container leaves it before it starts.
      if (!["bridge", "none", ""].includes(props.networkMode ?? ""))
        report("networkMode adds another network");
    });
  },
});

function prefixOf(name: string | undefined, ending: string): string | undefined {
  return name?.endsWith(ending) ? name.slice(0, -ending.length) : undefined;
}
