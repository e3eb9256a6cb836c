import * as pulumi from "@pulumi/pulumi";
import "@pulumi/docker";

/**
 * Lets hooks of components be called whose old outputs name a container, as an earlier version wrote them. The SDK looks
 * up each resource that is named there before it calls the hook (3.276.0), and ends the program: in this run, the
 * container is declared after its component. Nobody here uses such outputs, so they stay what they are, a URN.
 */
export function leaveReferences(): void {
  const module = pulumi.runtime.getResourceModule("docker", "index/container", undefined);
  if (!module) throw new Error("@pulumi/docker no longer says how it makes a container of a URN");
  module.construct = (_name, _type, urn) => urn as unknown as pulumi.Resource;
}
