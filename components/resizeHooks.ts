import type * as pulumi from "@pulumi/pulumi";
import { writeConfigFiles } from "./configFiles";
import type { ServiceConfig, ServiceContainerArgs } from "./container";
import { engine } from "./engine";
import { execIn } from "./exec";
import { applyLimits, memoryHeld, memoryInUse, wayOut } from "./resize";
import { follow, isSlow } from "./start/follow";

/**
 * What happens around the provider's steps. A hook before a step that throws ends the step with the old state kept,
 * so the next `up` tries again; one after a step can only warn, and `verify` reports what is missing.
 */
export function resizeHooks(args: ServiceContainerArgs): pulumi.ResourceHookBinding {
  const { config } = args;
  return {
    beforeCreate: [
      ...(config ? [() => writeFiles(args, config, [...config.files, ...tuningFiles(config)])] : []),
      // Last, because what it makes room for is then made at once.
      () => beforeStart(args),
    ],
    afterCreate: [({ id }) => setLimits(args, id)],
    beforeUpdate: [({ id }) => resize(args, id)],
  };
}

async function beforeStart({ host, owner, containerName, limits, image, startCpu }: ServiceContainerArgs) {
  if (!startCpu) return;
  const { role } = owner;
  await startCpu.announce(role);
  const { needs } = image;
  if (!needs || !isSlow(needs, limits)) return;
  const docker = engine(host.dockerHost);
  // Not waited for: the container is made when this hook has ended.
  void follow(startCpu, { docker, role, name: host.namePrefix + containerName, needs, limits });
}

function setLimits({ host, owner, limits, startCpu }: ServiceContainerArgs, id: string): Promise<void> {
  return startCpu ? startCpu.apply(owner.role, id, limits) : applyLimits(engine(host.dockerHost), id, limits);
}

/** In this order, so that whatever fails leaves a container that its limits do not kill. */
async function resize(args: ServiceContainerArgs, id: string): Promise<void> {
  const { host, config, limits } = args;
  const docker = engine(host.dockerHost);
  const { Name, State } = await docker.getContainer(id).inspect();
  const inUse = await memoryInUse(docker, id, limits.memoryBytes);
  if (inUse) throw new Error(inUse);
  if (config?.tuning) {
    await writeFiles(args, config, tuningFiles(config));
    const held = await memoryHeld(docker, id, limits.memoryBytes, config.tuning);
    if (held) throw new Error(`${held} ${wayOut(config.tuning, Name.slice(1), true)}`);
    if (State.Running) await execIn(docker, id, config.tuning.reload);
  }
  await setLimits(args, id);
}

function tuningFiles({ tuning }: ServiceConfig) {
  return tuning?.files ?? [];
}

function writeFiles(
  { host, owner, image }: ServiceContainerArgs,
  config: ServiceConfig,
  files: ServiceConfig["files"],
): Promise<void> {
  const volumeName = config.volume.name;
  return writeConfigFiles(engine(host.dockerHost), { host, owner, volumeName, user: image.user, files });
}
