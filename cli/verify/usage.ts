import type Docker from "dockerode";
import { execIn } from "../../components/exec";
import type { Expected } from "./expected";

/**
 * Bytes that each region's data takes, counted file by file in the region's own running containers: for hosts that
 * keep no disk limit and so do not count. What cannot be counted is left out.
 */
export async function diskUsage(docker: Docker, expected: Expected): Promise<Map<string, number>> {
  const folders = new Map(
    expected.volumes.flatMap(({ name, folder }) => (folder === undefined ? [] : [[name, folder] as const])),
  );
  const used = new Map<string, number>();
  const count = async (region: string, container: string, path: string): Promise<void> => {
    // Files come and go while it counts; what it could not read is not worth a word.
    const printed = await execIn(docker, container, ["sh", "-c", `du -sk ${path} 2>/dev/null; true`]).catch(
      () => "",
    );
    const kibibytes = Number(/^(\d+)\s/m.exec(printed)?.[1]);
    if (Number.isFinite(kibibytes)) used.set(region, (used.get(region) ?? 0) + kibibytes * 1024);
  };
  for (const { region, name, mounts } of expected.containers) {
    for (const { source, path } of mounts) if (folders.has(source)) await count(region, name, path);
  }
  return used;
}
