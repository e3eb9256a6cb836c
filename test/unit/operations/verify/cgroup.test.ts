import { describe, expect, it } from "vitest";
import { cgroupOf, readCgroup } from "../../../../operations/verify/cgroup";

const ID = "3587d8382d4f24efce5e6593fd2a5bdf0f4fcdb96de4df5caa9a3c6ba359f62a";

const V1 = `9:name=systemd:/docker/${ID}
8:pids:/docker/${ID}
4:memory:/docker/${ID}
2:cpuacct:/docker/${ID}
1:cpu:/docker/${ID}
0::/docker/${ID}
`;

describe("the folders of a container's control group", () => {
  it("version 1, a folder for each controller", () => {
    expect(cgroupOf(V1, ID)).toEqual({
      version: 1,
      memory: `/sys/fs/cgroup/memory/docker/${ID}`,
      cpu: `/sys/fs/cgroup/cpu/docker/${ID}`,
      pids: `/sys/fs/cgroup/pids/docker/${ID}`,
    });
  });

  it("version 1 with controllers that share a folder, made by systemd", () => {
    const scope = `/system.slice/docker-${ID}.scope`;
    const text = `5:cpu,cpuacct:${scope}\n4:memory:${scope}\n3:pids:${scope}\n1:name=systemd:${scope}\n`;
    expect(cgroupOf(text, ID)).toMatchObject({
      cpu: `/sys/fs/cgroup/cpu,cpuacct${scope}`,
      memory: `/sys/fs/cgroup/memory${scope}`,
    });
  });

  it.each([
    ["made by Docker", `0::/docker/${ID}\n`, `/docker/${ID}`],
    ["made by systemd", `0::/system.slice/docker-${ID}.scope\n`, `/system.slice/docker-${ID}.scope`],
    [
      "with a group below, as an init in the container makes one",
      `0::/docker/${ID}/init.scope\n`,
      `/docker/${ID}`,
    ],
  ])("version 2 %s", (_, text, group) => {
    const folder = `/sys/fs/cgroup${group}`;
    expect(cgroupOf(text, ID)).toEqual({ version: 2, memory: folder, cpu: folder, pids: folder });
  });

  it.each([
    ["another program's group", "0::/user.slice/user-1000.slice\n"],
    ["a private view of the groups", "0::/\n"],
    ["half of version 1", `4:memory:/docker/${ID}\n0::/docker/${ID}\n`],
    ["nothing", ""],
  ])("are not guessed from %s", (_, text) => {
    expect(cgroupOf(text, ID)).toBeUndefined();
  });
});

describe("what they hold", () => {
  const files = (text: string) => {
    const found = cgroupOf(text, ID);
    if (!found) throw new Error("no files");
    return found;
  };
  /** Files by folder and name; in version 2 the folder is the container's. */
  const reader = (values: Record<string, string>) => (path: string) =>
    values[path.replace("/sys/fs/cgroup/", "").replace(`docker/${ID}/`, "")];

  it("version 1", () => {
    const read = reader({
      "memory/memory.limit_in_bytes": "67108864\n",
      "memory/memory.memsw.limit_in_bytes": "67108864\n",
      "cpu/cpu.cfs_quota_us": "57000\n",
      "cpu/cpu.cfs_period_us": "100000\n",
      "pids/pids.max": "50\n",
      "memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
    });
    expect(readCgroup(files(V1), read)).toEqual({
      limits: { memoryBytes: 67_108_864, swapBytes: 0, cpuMillis: 570, pids: 50 },
      kills: 3,
    });
  });

  it("version 1 without any limit", () => {
    const read = reader({
      "memory/memory.limit_in_bytes": "9223372036854771712\n",
      "memory/memory.memsw.limit_in_bytes": "9223372036854771712\n",
      "cpu/cpu.cfs_quota_us": "-1\n",
      "cpu/cpu.cfs_period_us": "100000\n",
      "pids/pids.max": "max\n",
    });
    expect(readCgroup(files(V1), read)?.limits).toEqual({
      memoryBytes: null,
      swapBytes: null,
      cpuMillis: null,
      pids: null,
    });
  });

  it("version 1 of a kernel that does not count swap tells nothing of it", () => {
    const read = reader({ "memory/memory.limit_in_bytes": "67108864\n" });
    expect(readCgroup(files(V1), read)?.limits).toEqual({
      memoryBytes: 67_108_864,
      swapBytes: undefined,
      cpuMillis: undefined,
      pids: undefined,
    });
  });

  it("version 2, with and without limits", () => {
    const read = reader({
      "memory.max": "67108864\n",
      "memory.swap.max": "0\n",
      "cpu.max": "20000 100000\n",
      "pids.max": "50\n",
      "memory.events": "low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\noom_group_kill 0\n",
    });
    expect(readCgroup(files(`0::/docker/${ID}\n`), read)).toEqual({
      limits: { memoryBytes: 67_108_864, swapBytes: 0, cpuMillis: 200, pids: 50 },
      kills: 1,
    });
    const none = reader({
      "memory.max": "max\n",
      "memory.swap.max": "max",
      "cpu.max": "max 100000",
      "pids.max": "max",
    });
    expect(readCgroup(files(`0::/docker/${ID}\n`), none)?.limits).toEqual({
      memoryBytes: null,
      swapBytes: null,
      cpuMillis: null,
      pids: null,
    });
  });

  it("is unknown where the files are not to be read", () => {
    expect(readCgroup(files(V1), () => undefined)).toBeUndefined();
  });
});
