import { resourcePolicy } from "./kit/define";
import { CONTAINER, NEXUS, ownerOf } from "./kit/resources";
import { list } from "./kit/schema";

interface Member {
  /** The container's name, without the stack's prefix. */
  container: string;
  /** The same for a message, which repeats no value. */
  nameOf: string;
  networks: readonly string[];
}

/**
 * Who of the Nexus may be on which network, by role. Written here by hand and not taken from the components, whose
 * work is judged. On `regional` are the regions' servers, in which players' code may run: the Nexus' data is not.
 */
const NEXUS_MEMBERS: Record<string, Omit<Member, "nameOf">> = {
  server: { container: "central-nexus-server", networks: ["nexus", "regional"] },
  db: { container: "central-nexus-db", networks: ["nexus"] },
  redis: { container: "redis-nexus", networks: ["nexus"] },
  gateway: { container: "nginx-gateway", networks: ["nexus", "regional"] },
  adminUi: { container: "admin-ui", networks: ["nexus"] },
  playerClient: { container: "player-client", networks: ["nexus"] },
  // It asks for everybody who reaches it, so regions must not.
  blackboxExporter: { container: "blackbox-exporter", networks: ["nexus"] },
  disk: { container: "disk-keeper", networks: [] },
};

/** A player owns a region and can run code in it; what the others' networks do not show cannot be attacked. */
export const regionIsolation = resourcePolicy({
  name: "region-isolation",
  description:
    "A region's containers are on the region's network only, its server on `regional` as well; the Nexus' are on theirs.",
  type: CONTAINER,
  config: { frontDoors: list(["server"]) },
  // Names of networks are plain values; they only travel through the network's outputs.
  whenUnknown: "refuse",
  check({ props, config, part, report }) {
    part(() => {
      const { region, role } = ownerOf(props);
      if (!region || !role) return report("its labels do not say whose it is");
      const member = region === NEXUS ? nexusMember(role) : regionMember(region, role, config.frontDoors);
      if (!member) return report("its role is none of the Nexus'");
      const prefix = prefixOf(props.name, member.container);
      if (prefix === undefined) return report(`its name does not end in ${member.nameOf}`);
      const allowed = member.networks.map((network) => prefix + network);

      const networks = props.networksAdvanced ?? [];
      // Without any, Docker puts it on its default bridge, with every other such container of the host.
      if (networks.length === 0 && props.networkMode !== "none") report("it joins no network of its own");
      for (const index of networks.keys()) {
        part(() => {
          if (!allowed.includes(networks[index]?.name ?? "")) {
            report(`networksAdvanced.${index} is neither its owner's network nor one for its role`);
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

function regionMember(region: string, role: string, frontDoors: readonly string[]): Member {
  const own = `region-${region}`;
  return {
    container: `${own}-${role}`,
    nameOf: "region-<region>-<role> of its labels",
    networks: frontDoors.includes(role) ? [own, "regional"] : [own],
  };
}

function nexusMember(role: string): Member | undefined {
  const member = NEXUS_MEMBERS[role];
  return member && { ...member, nameOf: `${member.container}, as its role's does` };
}

function prefixOf(name: string | undefined, ending: string): string | undefined {
  return name?.endsWith(ending) ? name.slice(0, -ending.length) : undefined;
}
