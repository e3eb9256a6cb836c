import type * as pulumi from "@pulumi/pulumi";
import { writeConfigFiles } from "./configFiles";
import { engine } from "./engine";
import { execIn } from "./exec";
import { memoryHeld, memoryInUse, wayOut } from "./resize";
import type { ServiceConfig, ServiceContainerArgs } from "./service";

/**
 * What happens around the provider's steps. A hook before a step that throws ends the step with the old state kept,
 * so the next `up` tries again; one after a step can only warn, and `verify` reports what is missing.
 */
export function resizeHooks(args: ServiceContainerArgs): pulumi.ResourceHookBinding {
  const { config, desired, prepare, after = [] } = args;
  const { starts } = args.area;
  return {
    beforeCreate: [
      // Side by side, and both to their end, because a replaced container is gone already.
      async () => {
        const work = [prepare?.(), config && writeAll(args, config)];
        await Promise.allSettled(work);
        await Promise.all(work);
      },
      // Last, because what it makes room for is then made at once.
      () => starts.before(desired, after),
    ],
    afterCreate: [({ id }) => starts.made(desired, id)],
    beforeUpdate: [({ id }) => resize(args, id)],
  };
}

async function writeAll(args: ServiceContainerArgs, config: ServiceConfig): Promise<void> {
  const live = (await config.live?.()) ?? [];
  // Of two with one name, the later one stays.
  await writeFiles(args, config, [...config.files, ...tuningFiles(config), ...live]);
}

/** In this order, so that whatever fails leaves a container that its limits do not kill. */
async function resize(args: ServiceContainerArgs, id: string): Promise<void> {
  const { config } = args;
  const { limits } = args.desired;
  const docker = engine(args.area.host.dockerHost);
  const { Name, State } = await docker.getContainer(id).inspect();
  const inUse = await memoryInUse(docker, id, limits.memoryBytes);
  if (inUse) throw new Error(inUse);
  if (config?.tuning) {
    await writeFiles(args, config, tuningFiles(config));
    const held = await memoryHeld(docker, id, limits.memoryBytes, config.tuning);
    if (held) throw new Error(`${held} ${wayOut(config.tuning, Name.slice(1), true)}`);
    if (State.Running) await execIn(docker, id, config.tuning.reload);
  }
  await args.area.starts.limit(args.desired, id);
}

function tuningFiles({ tuning }: ServiceConfig) {
  return tuning?.files ?? [];
}

function writeFiles(
  { area: { host }, desired }: ServiceContainerArgs,
  config: ServiceConfig,
  files: ServiceConfig["files"],
): Promise<void> {
  const volumeName = config.volume.name;
  return writeConfigFiles(engine(host.dockerHost), {
    ...{ host, owner: desired, volumeName, user: desired.image.user, files },
  });
}
