import * as pulumi from "@pulumi/pulumi";

/**
 * For the option `aliases`: this resource was the child of a component that is no more. In a state that knows it as such
 * it is the same resource, and nothing of it changes.
 * @param type of that component
 * @param name of that component
 * @param above its parent, if it had one
 */
export function childOf(type: string, name: string, above?: pulumi.Resource): pulumi.Alias {
  return { parent: pulumi.createUrn(name, type, above) };
}
