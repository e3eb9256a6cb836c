import type Docker from "dockerode";
import { gone } from "../components/engine";
import { docker } from "../test/support/containers";
import { eventually } from "../test/support/wait";
import type { Described, Endpoint } from "./described";
import { ORDER, type Peer, prepareTwin, type Twin, twinParts } from "./regionTwin";

/** What a careful person would do by hand: network, folders, data services, and the rest once those are healthy. */
export const ENGINE_API: Peer = {
  name: "Engine API",
  prepare: async () => undefined,
  start: startTwin,
  remove: removeTwin,
};

async function startTwin(twin: Twin): Promise<void> {
  const { network, containers } = await twinParts(twin);
  await docker.createNetwork({
    ...{ Name: network.name, Internal: network.internal },
    IPAM: { Config: [{ Subnet: network.subnet, Gateway: network.gateway }] },
  });
  await prepareTwin(twin);
  const waiting = containers.filter(({ role }) => ORDER.waiting.includes(role));
  await Promise.all(containers.filter((one) => !waiting.includes(one)).map(startContainer));
  await Promise.all(containers.filter(({ role }) => ORDER.awaited.includes(role)).map(healthy));
  await Promise.all(waiting.map(startContainer));
}

async function removeTwin(twin: Twin): Promise<void> {
  const { network, containers } = await twinParts(twin);
  for (const { name } of containers) await docker.getContainer(name).remove({ force: true }).catch(gone);
  await docker.getNetwork(network.name).remove().catch(gone);
}

async function startContainer({ name, config, host, endpoints }: Described): Promise<void> {
  const [own, ...others] = [...endpoints].sort((a, b) => Number(isShared(a)) - Number(isShared(b)));
  if (!own) throw new Error(`${name} is on no network`);
  const container = await docker.createContainer({
    name,
    ...(config as Docker.ContainerCreateOptions),
    HostConfig: { ...host, NetworkMode: own.network },
    NetworkingConfig: { EndpointsConfig: { [own.network]: settings(own) } },
  });
  for (const other of others) {
    const connection = { Container: container.id, EndpointConfig: settings(other) };
    await docker.getNetwork(other.network).connect(connection);
  }
  await container.start();
}

/** A container is made on its region's network. */
function isShared({ network }: Endpoint): boolean {
  return network.endsWith("regional");
}

function settings({ aliases, address }: Endpoint): Docker.EndpointSettings {
  return { Aliases: aliases, IPAMConfig: { IPv4Address: address } } as Docker.EndpointSettings;
}

async function healthy({ name, role }: Described): Promise<void> {
  await eventually(
    `${role} is healthy`,
    async () => {
      const { State } = await docker.getContainer(name).inspect();
      return State.Health?.Status === "healthy" ? true : undefined;
    },
    { pauseMs: 50 },
  );
}
