/**
 * Limits of a container as they were read somewhere; `null` is no limit, undefined is what that place does not tell.
 * CPU in thousandths of a CPU, memory in bytes; `swapBytes` comes on top of the memory.
 */
export interface ReadLimits {
  cpuMillis?: number | null;
  memoryBytes?: number | null;
  swapBytes?: number | null;
  pids?: number | null;
}

/** Folders of the kernel's control groups that hold one container's limits; in version 2 they are the same one. */
export interface Cgroup {
  version: 1 | 2;
  memory: string;
  cpu: string;
  pids: string;
}

const ROOT = "/sys/fs/cgroup";

/** Version 1 has no word for "no limit" of memory: it is the largest number of whole pages. */
const NO_MEMORY_LIMIT = 2 ** 62;

/**
 * Where the kernel keeps a container's limits.
 * @param text what `/proc/<pid>/cgroup` holds for the container's first process
 * @param id the container's full id: a group without it is another program's, as on a machine that only shares the
 *   Engine's socket with us
 */
export function cgroupOf(text: string, id: string): Cgroup | undefined {
  const groups = text.split("\n").flatMap((line) => {
    const [, controllers = "", path = ""] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const own = ownGroup(path, id);
    return own === undefined ? [] : [{ controllers, path: own }];
  });
  const folder = (controller: string): string | undefined => {
    const group = groups.find(({ controllers }) => controllers.split(",").includes(controller));
    return group && `${ROOT}/${group.controllers}${group.path}`;
  };
  const [memory, cpu, pids] = [folder("memory"), folder("cpu"), folder("pids")];
  if (memory && cpu && pids) return { version: 1, memory, cpu, pids };
  const unified = groups.find(({ controllers }) => controllers === "");
  if (!unified || memory) return undefined;
  const all = ROOT + unified.path;
  return { version: 2, memory: all, cpu: all, pids: all };
}

/** The container's own group: a program in it may have made groups below. */
function ownGroup(path: string, id: string): string | undefined {
  const parts = path.split("/");
  const last = parts.findIndex((part) => part.includes(id));
  return last < 0 ? undefined : parts.slice(0, last + 1).join("/");
}

/** What the kernel holds a container to, and how often it killed a process of it for its memory. */
export interface KernelLimits {
  limits: ReadLimits;
  kills: number;
}

/**
 * Reads the files in the folders of {@link cgroupOf}.
 * @param read a file's text; undefined when there is none, as without swap accounting
 * @returns undefined when the kernel tells nothing of the memory, so that these are not the files of a container
 */
export function readCgroup(
  { version, memory, cpu, pids }: Cgroup,
  read: (path: string) => string | undefined,
): KernelLimits | undefined {
  const isOld = version === 1;
  const memoryBytes = memoryLimit(read(`${memory}/${isOld ? "memory.limit_in_bytes" : "memory.max"}`));
  if (memoryBytes === undefined) return undefined;
  const both = memoryLimit(read(`${memory}/memory.memsw.limit_in_bytes`));
  const period = isOld
    ? joined(read(`${cpu}/cpu.cfs_quota_us`), read(`${cpu}/cpu.cfs_period_us`))
    : read(`${cpu}/cpu.max`);
  const kills = read(`${memory}/${isOld ? "memory.oom_control" : "memory.events"}`) ?? "";
  return {
    limits: {
      memoryBytes,
      swapBytes: isOld ? both && both - (memoryBytes ?? 0) : numberOrMax(read(`${memory}/memory.swap.max`)),
      cpuMillis: cpuOf(period),
      pids: numberOrMax(read(`${pids}/pids.max`)),
    },
    kills: Number(/^oom_kill (\d+)$/m.exec(kills)?.[1] ?? 0),
  };
}

/** @param text quota and period */
function cpuOf(text: string | undefined): number | null | undefined {
  const [quota = "", period = ""] = text?.trim().split(/\s+/) ?? [];
  if (text === undefined) return undefined;
  return quota === "max" || Number(quota) < 0 ? null : (Number(quota) * 1000) / Number(period);
}

function joined(quota: string | undefined, period: string | undefined): string | undefined {
  return quota === undefined || period === undefined ? undefined : `${quota.trim()} ${period.trim()}`;
}

function memoryLimit(text: string | undefined): number | null | undefined {
  const limit = numberOrMax(text);
  return typeof limit === "number" && limit >= NO_MEMORY_LIMIT ? null : limit;
}

function numberOrMax(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  return text.trim() === "max" ? null : Number(text.trim());
}
