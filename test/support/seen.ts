import type { BareResource } from "./bareProgram";
import { docker } from "./containers";

/** An object of the Engine as it is at one moment. */
export interface Seen {
  /** Another one when the object was recreated. */
  identity: string;
  /** Another one when it was restarted. */
  startedAt?: string;
  /** All that does not change by itself. */
  settings: unknown;
  /** As the Engine shows it. */
  info: unknown;
}

const LOOK: Record<BareResource["kind"], (name: string) => Promise<Seen>> = {
  async Container(name) {
    const info = await docker.getContainer(name).inspect();
    const { Config, HostConfig, Mounts } = info;
    return {
      identity: info.Id,
      startedAt: `${info.State.StartedAt} ${info.State.Running}`,
      settings: { Config, HostConfig, Mounts },
      info,
    };
  },
  async Network(name) {
    const info = await docker.getNetwork(name).inspect();
    return { identity: info.Id, settings: info, info };
  },
  async Volume(name) {
    const info = await docker.getVolume(name).inspect();
    const { CreatedAt } = info as typeof info & { CreatedAt: string };
    return { identity: `${info.Name} ${CreatedAt}`, settings: info, info };
  },
};

/** Looks at an object; undefined when there is none of that name. */
export async function seen(kind: BareResource["kind"], name: string): Promise<Seen | undefined> {
  try {
    return await LOOK[kind](name);
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}
