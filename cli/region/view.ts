import { limitsByRole } from "../../catalog/regionBudget";
import { addressList } from "../../components/addresses";
import { formatCpu, formatSize } from "../../config/units";
import type { RegionModel } from "../../regions/model";
import type { Settings } from "../../settings";
import { columns } from "../table";

/** A region in a list: sizes as a file has them, and in bytes for programs. */
export function summary({ name, slot, owner, resources, players, addresses }: RegionModel, file: string) {
  return {
    ...{ name, slot, owner },
    cpu: resources.cpuMillis / 1000,
    memory: formatSize(resources.memoryBytes),
    memoryBytes: resources.memoryBytes,
    disk: formatSize(resources.diskBytes),
    diskBytes: resources.diskBytes,
    players,
    network: addresses.subnet,
    file,
  };
}
export type Summary = ReturnType<typeof summary>;

export function listTable(regions: Summary[]): string {
  if (regions.length === 0) return "";
  const head = ["NAME", "SLOT", "CPU", "MEMORY", "DISK", "PLAYERS", "NETWORK", "OWNER"];
  const rows = regions.map(({ name, slot, cpu, memory, disk, players, network, owner }) => [
    ...[name, String(slot), String(cpu), memory, disk, String(players), network, owner],
  ]);
  return columns([head, ...rows]);
}

/** Everything that follows from a region's file. */
export function details(region: RegionModel, settings: Settings, file: string) {
  const { game, budget, addresses } = region;
  return {
    ...summary(region, file),
    address: addressOf(region, settings),
    ...game,
    containers: limitsByRole(budget).map(([role, limits]) => ({
      role,
      name: `${settings.namePrefix}region-${region.name}-${role}`,
      address: addresses.hosts[role],
      cpu: limits.cpuMillis / 1000,
      memoryBytes: limits.memoryBytes,
      pids: limits.pids,
    })),
  };
}
export type Details = ReturnType<typeof details>;

/** Where the gateway answers for the region. */
function addressOf(region: RegionModel, settings: Settings): string {
  const [address] = addressList({ settings, regions: [region] }).slice(-1);
  return address?.url ?? "";
}

export function detailsTable({ containers, memoryBytes, diskBytes, ...region }: Details): string {
  const head = ["CONTAINER", "ADDRESS", "CPU", "MEMORY", "PROCESSES"];
  return [
    columns(
      Object.entries(region).map(([key, value]) => [
        key,
        typeof value === "object" ? keyNames(value) : String(value),
      ]),
    ),
    "",
    columns([
      head,
      ...containers.map(({ name, address, cpu, memoryBytes, pids }) => [
        ...[name, address, formatCpu(cpu * 1000), formatSize(memoryBytes), String(pids)],
      ]),
    ]),
  ].join("\n");
}

function keyNames(map: Record<string, unknown>): string {
  return Object.keys(map).join(", ") || "none";
}
