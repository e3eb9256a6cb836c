import { resourcePolicy } from "./kit/define";
import { CONTAINER, NEXUS, ownerOf } from "./kit/resources";
import { list } from "./kit/schema";

/** One way in: every other port would be one without the gateway's limits, and Docker opens it past a host firewall. */
export const publishedPorts = resourcePolicy({
  name: "published-ports",
  description: "Only the gateway publishes a port beyond the host's loopback address.",
  type: CONTAINER,
  config: { publishers: list(["gateway"]) },
  whenUnknown: "refuse",
  check({ props, config, part, report }) {
    part(() => {
      if (props.publishAllPorts) report("publishAllPorts publishes on every address of the host");
    });
    part(() => {
      if (props.networkMode === "host")
        report("networkMode host puts every port of the container on the host");
    });
    part(() => {
      const { region, role } = ownerOf(props);
      if (region === NEXUS && config.publishers.includes(role)) return;
      for (const [index, port] of (props.ports ?? []).entries()) {
        // Without an address Docker publishes on all of them.
        part(() => {
          if (!/^(127(\.\d{1,3}){3}|::1)$/.test(port.ip ?? ""))
            report(`ports.${index} is not on a loopback address`);
        });
      }
    });
  },
});
