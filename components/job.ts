import type Docker from "dockerode";
import { LOCAL_REPOSITORY } from "../images/recipes";

/** Makes a container, hands it over, and removes it whatever happens. It is not started. */
export async function withJobContainer<T>(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  use: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const container = await create(docker, options);
  try {
    return await use(container);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** Pulls an image of a registry that the host does not have yet: hooks run before the provider has pulled it. */
async function create(docker: Docker, options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  const { Image = "" } = options;
  try {
    return await docker.createContainer(options);
  } catch (error) {
    const isMissing = (error as { statusCode?: number }).statusCode === 404;
    if (!isMissing || Image.startsWith(`${LOCAL_REPOSITORY}/`)) throw error;
    const progress = await docker.pull(Image);
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(progress, (failure) => (failure ? reject(failure) : resolve())),
    );
    return docker.createContainer(options);
  }
}

export interface Job {
  image: string;
  /** What it does, for the error message. */
  purpose: string;
  labels: Record<string, string>;
  /** Program and arguments; no shell in between. */
  command: string[];
  /** Bind mounts as `source:target[:ro]`. */
  binds: string[];
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
    User: "0:0",
    Labels: job.labels,
    Tty: true,
    HostConfig: {
      Binds: job.binds,
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
