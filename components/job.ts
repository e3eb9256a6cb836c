import type Docker from "dockerode";
import { toItsEnd } from "./interrupt";

/**
 * Makes a container, hands it over, and removes it whatever happens, also after Ctrl-C. It is not started.
 * @throws the Engine's error where it has no such image: what a change needs is fetched before (images/fetch.ts)
 */
export function withJobContainer<T>(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  use: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  return toItsEnd(async () => {
    const container = await docker.createContainer(options);
    try {
      return await use(container);
    } finally {
      await container.remove({ force: true, v: true });
    }
  });
}

export interface Job {
  image: string;
  /** What it does, for the error message. */
  purpose: string;
  labels: Record<string, string>;
  /** Program and arguments; no shell in between. */
  command: string[];
  /** Bind mounts as `source:target[:ro]`; the Engine makes a source that is not there. */
  binds: string[];
  /** Bind mounts whose source must be there. */
  mounts?: Docker.MountConfig;
  /** Numeric "uid:gid"; default: root. */
  user?: string;
  /** Further rights on the host; default: none. */
  access?: Pick<Docker.HostConfig, "CapAdd" | "SecurityOpt">;
}

/**
 * Runs a root container to its end, without network and with the three capabilities that changing ownership takes.
 * @returns what it printed
 * @throws Error with what the job printed, when it does not exit with 0
 */
export async function runJob(docker: Docker, job: Job): Promise<string> {
  const { CapAdd = [], SecurityOpt = [] } = job.access ?? {};
  const options: Docker.ContainerCreateOptions = {
    Image: job.image,
    Entrypoint: job.command,
    Cmd: [],
    User: job.user ?? "0:0",
    Labels: job.labels,
    Tty: true,
    HostConfig: {
      Binds: job.binds,
      Mounts: job.mounts ?? [],
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER", ...CapAdd],
      SecurityOpt: ["no-new-privileges:true", ...SecurityOpt],
      // Whatever the daemon's default is, the output must be readable afterwards.
      LogConfig: { Type: "json-file", Config: {} },
    },
  };
  return withJobContainer(docker, options, async (container) => {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    const printed = (await container.logs({ stdout: true, stderr: true })).toString().trim();
    if (StatusCode !== 0) {
      throw new Error(`The job "${job.purpose}" ended with code ${StatusCode}: ${printed}`);
    }
    return printed;
  });
}
