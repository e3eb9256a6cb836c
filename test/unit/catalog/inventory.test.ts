import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hardeningOf } from "../../../catalog/desired";
import { DATA_ROLES } from "../../../catalog/services";
import { loadPlatform } from "../../../platform";

/** Everything that a stack of this repository wants on its host, a line each. */
function inventory(stack: string): string {
  const { containers, networks, volumes, disks } = loadPlatform({ projectDir: process.cwd(), stack }).desired;
  const lines = (title: string, all: string[]) => [
    `${title} (${all.length})`,
    ...all.map((one) => `  ${one}`),
  ];
  return [
    ...lines(
      "containers",
      containers.map(({ name, region, role, image, user, limits, restartPolicy, isOptional, ...at }) =>
        [
          `${name}: ${region} ${role}`,
          // A local image's tag follows from its sources, a digest from what is pinned: neither is an inventory's matter.
          `${image.ref.replace(/(?<=^nexus-local\/[\w-]+):.*|@sha256.*/, "")} as ${user}`,
          `${limits.cpuMillis} mCPU, ${limits.memoryBytes / 2 ** 20} MiB, ${limits.pids} processes`,
          at.networks.map((one) => `${one.network}=${one.address ?? "any"} (${one.aliases})`).join(", ") ||
            "no network",
          at.ports.map(({ ip, external, internal }) => `${ip}:${external}->${internal}`).join(", ") ||
            "no port",
          at.mounts.map((one) => `${one.source}:${one.path}${one.readOnly ? ":ro" : ""}`).join(", ") ||
            "no mount",
          `restart ${restartPolicy}`,
          ...Object.values(hardeningOf(at)).flat(),
          ...(isOptional ? ["optional"] : []),
        ].join(" | "),
      ),
    ),
    ...lines(
      "networks",
      networks.map(
        (one) => `${one.name}: ${one.region} ${one.subnet} ${one.gateway}${one.internal ? " internal" : ""}`,
      ),
    ),
    ...lines(
      "volumes",
      volumes.map(({ name, region, folder, user }) =>
        `${name}: ${region} ${folder ?? "kept by Docker"} ${user ?? ""}`.trim(),
      ),
    ),
    ...lines(
      "disks",
      disks.map(({ region, sizeBytes }) => `${region}: ${sizeBytes / 1e9} GB`),
    ),
    "",
  ].join("\n");
}

/*
 * Components, verify, preflight and `destroy` read one list: a fact that is wrong there is wrong in all of them, and
 * no comparison finds it. Here a reviewer sees it.
 */
describe("what a stack runs", () => {
  it.each(["dev", "prod"])("%s: is what was reviewed", async (stack) => {
    await expect(inventory(stack)).toMatchFileSnapshot(`__snapshots__/${stack}.txt`);
  });
});

it("the keeper's script has a folder below the mount for every role that keeps data", () => {
  const script = readFileSync(join(process.cwd(), "images/recipes/disk/disk"), "utf8");
  const roles = /^roles="(.*)"$/m.exec(script)?.[1]?.split(" ") ?? [];
  expect(roles.sort()).toEqual([...DATA_ROLES].sort());
});
