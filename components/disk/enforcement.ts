import { dirname } from "node:path";
import type Docker from "dockerode";
import { DISK_ACCESS, DISK_ROLE } from "../../catalog/keeper";
import { NEXUS, REGION_LABEL, ROLE_LABEL } from "../../catalog/names";
import type { Image } from "../../images/image";
import { toItsEnd } from "../interrupt";
import { keeperRuns } from "./disks";

/** Can a host keep disk limits, and if not, why? */
export type Enforcement = { means: "loop"; image: Image } | { means: "none"; reason: string };

export interface EnforcementQuestion {
  dataRoot: string;
  namePrefix: string;
  /** Image of the recipe `disk`; undefined when none is given. */
  image: Image | undefined;
}

const REASONS: Record<number, string> = {
  3: "no XFS file system can be made there",
  4: "it cannot mount an XFS file: its kernel lacks XFS or loop devices, or forbids them to containers",
};

/**
 * How the disk limits of a stack can be kept on its host. It is tried, on a file in memory: nothing of the host
 * changes. Not tried again while the stack's keeper runs, nor before the host has the image; pulling it is `up`'s.
 */
export async function enforcement(docker: Docker, question: EnforcementQuestion): Promise<Enforcement> {
  const { image } = question;
  if (!image) return { means: "none", reason: 'nexus:imageOverrides names no image for "disk"' };
  if (await keeperRuns(docker, question)) return { means: "loop", image };
  const reason = await toItsEnd(() => tryOut(docker, question.dataRoot, question.namePrefix, image.ref));
  return reason === undefined ? { means: "loop", image } : { means: "none", reason };
}

/** What a person reads when limits are not kept. */
export function notEnforced(host: string, reason: string): string {
  return `disk limit not enforced on host ${host}: ${reason}`;
}

/** What to do where it is refused. */
export function refused(message: string): string {
  return `${message}. Set that right, or set "nexus:diskLimit: accept" to go on without (docs/operations.md, Disks).`;
}

/** Why it does not work; undefined when it does, or when the image is not on the host yet. */
async function tryOut(
  docker: Docker,
  dataRoot: string,
  namePrefix: string,
  image: string,
): Promise<string | undefined> {
  let container: Docker.Container;
  try {
    container = await createProbe(docker, dataRoot, namePrefix, image);
  } catch (error) {
    if (/no such image/i.test((error as Error).message)) return undefined;
    throw error;
  }
  try {
    await container.start();
    // Not before the start: on another machine the two requests take ways of their own, and the end may be first.
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    return StatusCode === 0 ? undefined : (REASONS[StatusCode] ?? `a trial ended with code ${StatusCode}`);
  } catch (error) {
    if (!/not a shared mount/.test((error as Error).message)) throw error;
    return (
      `mounts of ${dataRoot} are not shared with containers. systemd shares them at boot; without it, run ` +
      "`mount --make-rshared /` before Docker starts"
    );
  } finally {
    await container.remove({ force: true }).catch(() => undefined);
  }
}

/** The data root may not exist yet: the nearest folder above it that does is on the same mount. */
async function createProbe(
  docker: Docker,
  folder: string,
  namePrefix: string,
  image: string,
): Promise<Docker.Container> {
  try {
    return await docker.createContainer(probeOptions(folder, namePrefix, image));
  } catch (error) {
    if (folder === "/" || !/bind source path does not exist/.test((error as Error).message)) throw error;
    return createProbe(docker, dirname(folder), namePrefix, image);
  }
}

function probeOptions(folder: string, namePrefix: string, image: string): Docker.ContainerCreateOptions {
  return {
    // Its own name each time: two previews may run at once.
    name: `${namePrefix}disk-probe-${process.pid}-${Date.now().toString(36)}`,
    Image: image,
    Entrypoint: ["disk", "probe"],
    Cmd: [],
    User: DISK_ACCESS.user,
    Labels: { [REGION_LABEL]: NEXUS, [ROLE_LABEL]: `${DISK_ROLE} probe` },
    HostConfig: {
      ...jobAccess(),
      Tmpfs: { "/tmp": "" },
      Mounts: [
        {
          Type: "bind",
          Source: folder,
          Target: "/probe",
          ReadOnly: true,
          BindOptions: { Propagation: "rshared" },
        },
      ],
    },
  };
}

/** The access of the keeper in the Engine's own words, for a container that is made without the provider. */
export function jobAccess(): Docker.HostConfig {
  return {
    Binds: DISK_ACCESS.folders.map((folder) => `${folder}:${folder}`),
    NetworkMode: "none",
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    CapAdd: [...DISK_ACCESS.capabilities],
    SecurityOpt: ["no-new-privileges:true", ...DISK_ACCESS.securityOpts],
    DeviceCgroupRules: [...DISK_ACCESS.deviceCgroupRules],
  };
}
