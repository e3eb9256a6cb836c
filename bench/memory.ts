import { readFileSync } from "node:fs";
import { containersOf, docker } from "../test/support/containers";
import { type Project, regionFile } from "../test/support/project";
import { pause } from "../test/support/wait";

const MIB = 2 ** 20;

/** What the `dev` platform with two regions takes: in its containers, and of the host as a whole. */
export async function memory(project: Project): Promise<void> {
  project.addRegion(regionFile("aurora", 1));
  project.addRegion(regionFile("borealis", 2));
  const before = available();
  await project.up();
  // Long enough for start-up garbage to be collected.
  await pause(20_000);
  const host = before - available();

  const containers = [...(await containersOf(project)).values()];
  const used = await Promise.all(containers.map(async ({ id }) => workingSet(await stats(id))));
  const total = used.reduce((sum, value) => sum + value, 0);
  const limits = containers.reduce((sum, { info }) => sum + (info.HostConfig.Memory ?? 0), 0);
  for (const [index, { name }] of containers.entries()) {
    console.log(`${name.padEnd(26)} ${mib(used[index] ?? 0)}`);
  }
  console.log(
    `containers together ${mib(total)} = ${(total / limits).toFixed(3)} of their limits (${mib(limits)})`,
  );
  console.log(
    `host, daemon and caches included ${mib(host)} = ${(host / total).toFixed(1)} x the containers`,
  );
}

type Stats = { memory_stats: { usage: number; stats: Record<string, number> } };

async function stats(id: string): Promise<Stats> {
  return (await docker.getContainer(id).stats({ stream: false })) as unknown as Stats;
}

/** Without the file cache that the kernel drops at need, as `docker stats` counts. */
function workingSet({ memory_stats: { usage, stats } }: Stats): number {
  return usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0);
}

function available(): number {
  const [, kilobytes = "0"] = /^MemAvailable:\s+(\d+)/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
