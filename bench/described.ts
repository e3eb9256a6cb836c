import type Docker from "dockerode";
import type { Container } from "../test/support/containers";

/** A container as a person would have to ask Docker for it: what peers are given to make. */
export interface Described {
  region: string;
  role: string;
  name: string;
  config: Docker.ContainerInspectInfo["Config"];
  host: Docker.ContainerInspectInfo["HostConfig"];
  endpoints: Endpoint[];
}

export interface Endpoint {
  network: string;
  aliases: string[];
  address: string;
}

/** What is asked for of a network. */
export interface DescribedNetwork {
  name: string;
  subnet: string;
  gateway: string;
  internal: boolean;
}

/** Describes a container that is there. */
export function described({ region, role, info }: Pick<Container, "region" | "role" | "info">): Described {
  const endpoints = Object.entries(info.NetworkSettings.Networks).map(([network, endpoint]) => ({
    network,
    // The Engine adds the container's short id.
    aliases: ((endpoint.Aliases ?? []) as string[]).filter((alias) => !info.Id.startsWith(alias)),
    address: endpoint.IPAMConfig?.IPv4Address ?? "",
  }));
  return { region, role, name: info.Name.slice(1), config: info.Config, host: info.HostConfig, endpoints };
}

/** The parts of `volume:path:options`, as the Engine lists mounts. */
export function readBind(bind: string): { source: string; path: string; readOnly: boolean } {
  const [source = "", path = "", options = ""] = bind.split(":");
  return { source, path, readOnly: options.split(",").includes("ro") };
}
