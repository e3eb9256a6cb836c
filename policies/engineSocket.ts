import { posix } from "node:path";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { resourcePolicy, together } from "./kit/define";
import { CONTAINER, VOLUME } from "./kit/resources";

const NAME = "engine-socket";
const DESCRIPTION = "No container sees the socket or the files of the container engine.";

/** Who can write to one of these is root on the host. A folder above one brings it along. */
const FORBIDDEN = [
  "/run/docker.sock",
  "/run/containerd",
  "/run/podman",
  "/run/crio",
  "/var/lib/docker",
  "/var/lib/containerd",
];
const SOCKET = /(^|\/)(docker|containerd|podman|crio|balena)[\w.-]*\.sock$/;

/** Sources of binds and mounts, where the socket would come from, and targets, which say what was meant. */
const containers = resourcePolicy({
  name: NAME,
  description: DESCRIPTION,
  type: CONTAINER,
  config: {},
  whenUnknown: "refuse",
  check({ props, part, report }) {
    const look = (path: () => string | undefined, where: string) =>
      part(() => {
        if (reachesEngine(path() ?? "")) report(`${where} leads to the container engine`);
      });
    part(() => {
      for (const [index, volume] of (props.volumes ?? []).entries()) {
        look(() => volume.hostPath, `volumes.${index}.hostPath`);
        // An absolute path in the place of a name is a folder of the host to the Engine.
        look(() => volume.volumeName, `volumes.${index}.volumeName`);
        look(() => socketName(volume.containerPath), `volumes.${index}.containerPath`);
        part(() => {
          if (volume.fromContainer) report(`volumes.${index}.fromContainer takes over what it cannot show`);
        });
      }
    });
    part(() => {
      for (const [index, mount] of (props.mounts ?? []).entries()) {
        look(() => mount.source, `mounts.${index}.source`);
        look(() => socketName(mount.target), `mounts.${index}.target`);
      }
    });
  },
});

const volumes = resourcePolicy({
  name: NAME,
  description: DESCRIPTION,
  type: VOLUME,
  config: {},
  // As in data-volumes.
  whenUnknown: "judge at up",
  check({ props, report }) {
    if (reachesEngine(props.driverOpts?.device ?? ""))
      report("driverOpts.device leads to the container engine");
  },
});

/** One policy for both types (CIS Docker Benchmark, "Container Runtime"). */
export const engineSocket: ResourceValidationPolicy = together([containers, volumes]);

function reachesEngine(path: string): boolean {
  // Not a path: the name of a volume, which is judged itself.
  if (!path.startsWith("/")) return false;
  const real = posix
    .normalize(path)
    .replace(/\/$/, "")
    .replace(/^\/var\/run(?=\/|$)/, "/run");
  return SOCKET.test(real) || FORBIDDEN.some((one) => within(one, real) || within(real, one));
}

/** Only a target named like a socket tells something: in the container, other paths are the image's own. */
function socketName(target = ""): string | undefined {
  return SOCKET.test(target) ? target : undefined;
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
