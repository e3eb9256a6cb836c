import type * as docker from "@pulumi/docker";
import type { Unwrap } from "@pulumi/pulumi";
import { REGION_LABEL, ROLE_LABEL } from "../../catalog/names";
import type { RegionConfig, RegionResources } from "../../regions/model";

export { NEXUS } from "../../catalog/names";

/** Types of the resources that policies judge, as the engine names them. */
export const CONTAINER = "docker:index/container:Container";
export const NETWORK = "docker:index/network:Network";
export const VOLUME = "docker:index/volume:Volume";
export const REGION = "nexus:region:RegionStack";
export const NEXUS_STACK = "nexus:nexus:NexusStack";

/** Arguments of a Docker object as policies read them: any may be absent, or unknown in a preview. */
type Given<Args> = Partial<Unwrap<Args>>;

export type ContainerProps = Given<docker.ContainerArgs>;
export type VolumeProps = Given<docker.VolumeArgs>;
export type NetworkProps = Given<docker.NetworkArgs>;

/** What a region's component says of itself. */
export type RegionProps = Partial<Pick<RegionConfig, "name" | "slot" | "players"> & RegionResources>;

/** What the Nexus' component says of itself; its other limits are those of its containers. */
export type NexusProps = Partial<Pick<RegionResources, "diskBytes">>;

/** Props of each type that policies judge. */
export interface PropsByType {
  [CONTAINER]: ContainerProps;
  [NETWORK]: NetworkProps;
  [VOLUME]: VolumeProps;
  [REGION]: RegionProps;
  [NEXUS_STACK]: NexusProps;
}

/** Whose a container or network is, from its labels; both are empty where it does not say. */
export function ownerOf(props: Pick<ContainerProps, "labels">): { region: string; role: string } {
  // Only the two are read: the value of another label may be unknown.
  const value = (key: string) => (props.labels ?? []).find(({ label }) => label === key)?.value ?? "";
  return { region: value(REGION_LABEL), role: value(ROLE_LABEL) };
}

/** 1000 = 1 CPU; 0 where no quota is set. */
export function cpuMillis({ cpuQuota, cpuPeriod }: ContainerProps): number {
  return cpuQuota && cpuPeriod ? (cpuQuota * 1000) / cpuPeriod : 0;
}

export function memoryBytes({ memory }: ContainerProps): number {
  return (memory ?? 0) * 2 ** 20;
}
