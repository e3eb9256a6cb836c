import { posix } from "node:path";
import { resourcePolicy } from "./kit/define";
import { CONTAINER, NEXUS, ownerOf } from "./kit/resources";
import { list } from "./kit/schema";

const THE_SOCKET = "/run/docker.sock";

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

/**
 * Sources of binds and mounts, where the socket would come from, and targets, which say what was meant. A program that
 * runs `up` from within a container needs the socket itself: a stack can name the roles of the Nexus that may have it,
 * at its usual place and nothing beside it. `hardening` has to know such a container as well.
 */
export const engineSocket = resourcePolicy({
  name: "engine-socket",
  description: "No container sees the files of the container engine, and none but `clients` its socket.",
  type: CONTAINER,
  config: { clients: list([]) },
  whenUnknown: "refuse",
  check({ props, config, part, report }) {
    const isClient = (): boolean => {
      const { region, role } = ownerOf(props);
      return region === NEXUS && config.clients.includes(role);
    };
    const look = (path: () => string | undefined, where: string): boolean => {
      let found = false;
      part(() => {
        found = reachesEngine(path() ?? "");
        if (found) report(`${where} leads to the container engine`);
      });
      return found;
    };
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
        if (config.clients.length > 0 && isTheSocket(mount) && isClient()) continue;
        if (look(() => mount.source, `mounts.${index}.source`)) continue;
        look(() => socketName(mount.target), `mounts.${index}.target`);
      }
    });
  },
});

function reachesEngine(path: string): boolean {
  // Not a path: the name of a volume, of which `own-volumes` and `data-volumes` judge what it leads to.
  if (!path.startsWith("/")) return false;
  const real = realPath(path);
  return SOCKET.test(real) || FORBIDDEN.some((one) => within(one, real) || within(real, one));
}

function realPath(path: string): string {
  return posix
    .normalize(path)
    .replace(/\/$/, "")
    .replace(/^\/var\/run(?=\/|$)/, "/run");
}

/** The file itself, and no folder that it is in. */
function isTheSocket({
  type,
  source = "",
  target = "",
}: {
  type?: string;
  source?: string;
  target?: string;
}) {
  return type === "bind" && [source, target].every((path) => realPath(path) === THE_SOCKET);
}

/** Only a target named like a socket tells something: in the container, other paths are the image's own. */
function socketName(target = ""): string | undefined {
  return SOCKET.test(target) ? target : undefined;
}

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
