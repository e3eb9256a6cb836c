import type Docker from "dockerode";
import type { Container } from "./containers";

/**
 * Makes a container as another Engine has it, with the same volumes; its configuration is copied, its data is the
 * same folder of the host. It has no network.
 */
export async function cloneContainer(
  from: Docker,
  to: Docker,
  { id, name, info }: Container,
): Promise<Docker.Container> {
  for (const { Type, Name = "", Destination } of info.Mounts) {
    if (Type !== "volume") continue;
    const { Driver, Options } = await from.getVolume(Name).inspect();
    await to.createVolume({ Name, Driver, DriverOpts: Options ?? {} });
    if (Name.endsWith("-config"))
      await copyVolume(from, to, { id, image: info.Config.Image, Name, Destination });
  }
  const { Hostname: _, Domainname: __, ...config } = info.Config;
  const { PortBindings: ___, ...hostConfig } = info.HostConfig;
  return to.createContainer({
    ...config,
    name,
    ExposedPorts: {},
    HostConfig: { ...hostConfig, NetworkMode: "none" },
  });
}

async function copyVolume(
  from: Docker,
  to: Docker,
  { id, image, Name, Destination }: { id: string; image: string; Name: string; Destination: string },
): Promise<void> {
  const archive = await from.getContainer(id).getArchive({ path: `${Destination}/.` });
  const holder = await to.createContainer({
    Image: image,
    HostConfig: { Binds: [`${Name}:${Destination}`], NetworkMode: "none" },
  });
  await holder.putArchive(archive, { path: Destination });
  await holder.remove();
}
