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

/** Files of the kernel's control groups that hold one container's limits. */
export type CgroupFiles =
  | {
      version: 1;
      memory: string;
      memoryAndSwap: string;
      quota: string;
      period: string;
      pids: string;
      kills: string;
    }
  | { version: 2; memory: string; swap: string; cpu: string; pids: string; kills: string };

const ROOT = "/sys/fs/cgroup";

/** Version 1 has no word for "no limit" of memory: it is the largest number of whole pages. */
const NO_MEMORY_LIMIT = 2 ** 62;

/**
 * Where the kernel keeps a container's limits.
 * @param text what `/proc/<pid>/cgroup` holds for the container's first process
 * @param id the container's full id: a group without it is another program's, as on a machine that only shares the
 *   Engine's socket with us
 */
export function cgroupFiles(text: string, id: string): CgroupFiles | undefined {
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
  if (memory && cpu && pids) {
    return {
      version: 1,
      memory: `${memory}/memory.limit_in_bytes`,
      memoryAndSwap: `${memory}/memory.memsw.limit_in_bytes`,
      quota: `${cpu}/cpu.cfs_quota_us`,
      period: `${cpu}/cpu.cfs_period_us`,
      pids: `${pids}/pids.max`,
      kills: `${memory}/memory.oom_control`,
    };
  }
  const unified = groups.find(({ controllers }) => controllers === "");
  if (!unified || memory) return undefined;
  const group = ROOT + unified.path;
  return {
    version: 2,
    memory: `${group}/memory.max`,
    swap: `${group}/memory.swap.max`,
    cpu: `${group}/cpu.max`,
    pids: `${group}/pids.max`,
    kills: `${group}/memory.events`,
  };
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
 * Reads the files of {@link cgroupFiles}.
 * @param read a file's text; undefined when there is none, as without swap accounting
 * @returns undefined when the kernel tells nothing of the memory, so that these are not the files of a container
 */
export function readCgroup(
  files: CgroupFiles,
  read: (path: string) => string | undefined,
): KernelLimits | undefined {
  const memoryBytes = memoryLimit(read(files.memory));
  if (memoryBytes === undefined) return undefined;
  return {
    limits: {
      memoryBytes,
      swapBytes: swapOf(files, memoryBytes, read),
      cpuMillis: cpuOf(files, read),
      pids: numberOrMax(read(files.pids)),
    },
    kills: Number(/^oom_kill (\d+)$/m.exec(read(files.kills) ?? "")?.[1] ?? 0),
  };
}

function swapOf(
  files: CgroupFiles,
  memoryBytes: number | null,
  read: (path: string) => string | undefined,
): number | null | undefined {
  if (files.version === 2) return numberOrMax(read(files.swap));
  const both = memoryLimit(read(files.memoryAndSwap));
  if (both === undefined || both === null) return both;
  return both - (memoryBytes ?? 0);
}

function cpuOf(files: CgroupFiles, read: (path: string) => string | undefined): number | null | undefined {
  const text = files.version === 2 ? read(files.cpu) : joined(read(files.quota), read(files.period));
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
