import { type Cidr, isInside, overlaps, PRIVATE_RANGES, readCidr } from "../config/cidr";
import { stackPolicy } from "./kit/define";
import { NETWORK, NEXUS, type NetworkProps, ownerOf } from "./kit/resources";
import { list } from "./kit/schema";

/** Two networks on one range, or one on a range of somebody else's, send a region's traffic to the wrong place. */
export const subnets = stackPolicy({
  name: "subnets",
  description:
    "Every network has an explicit subnet and gateway, inside its range and apart from all others.",
  config: {
    // Without configuration, any private range; policies/config/ narrows it to that of the stack's settings.
    central: list(PRIVATE_RANGES),
    regions: list(PRIVATE_RANGES),
  },
  check({ all, config, part, report }) {
    const seen: { name: string; cidr: Cidr }[] = [];
    for (const { urn, props } of all(NETWORK)) {
      part(() => {
        const cidr = subnetOf(props);
        if (!cidr) return report("has not exactly one subnet with a gateway", urn);
        const ranges = ownerOf(props).region === NEXUS ? config.central : config.regions;
        if (!ranges.some((range) => isInside(cidr, range))) report("its subnet is outside of its range", urn);
        const other = seen.find((one) => overlaps(one.cidr, cidr));
        if (other) report(`its subnet overlaps that of ${other.name}`, urn);
        seen.push({ name: props.name ?? urn, cidr });
      }, urn);
    }
  },
});

/** Without a gateway it does not count: some engines then fill one in, which replaces the network. */
function subnetOf({ ipamConfigs }: NetworkProps): Cidr | undefined {
  const [ipam, ...more] = ipamConfigs ?? [];
  const subnet = readCidr(ipam?.subnet ?? "");
  return ipam?.gateway && more.length === 0 ? subnet : undefined;
}
