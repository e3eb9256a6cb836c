import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { type HostArgs, type Owner, REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "./host";

/** Labels of a short-lived container, so that one left by a killed run is found and removed by the next. */
export async function jobLabels(
  host: Pick<HostArgs, "stackId">,
  owner: Owner,
  purpose: string,
): Promise<Record<string, string>> {
  return {
    [STACK_LABEL]: await known(host.stackId),
    [REGION_LABEL]: owner.region,
    [ROLE_LABEL]: purpose,
  };
}

/** Makes a container, hands it over, and removes it whatever happens. It is not started. */
export async function withJobContainer<T>(
  docker: Docker,
  options: Docker.ContainerCreateOptions,
  use: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const container = await docker.createContainer(options);
  try {
    return await use(container);
  } finally {
    await container.remove({ force: true, v: true });
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

/** The value of an input. Only for hooks: they run when everything that they use is known. */
export function known<T>(input: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => {
    pulumi.output(input).apply((value) => resolve(value as T));
  });
}
