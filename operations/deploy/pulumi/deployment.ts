/** The parts of `pulumi stack export` that we read. Secrets in it stay encrypted. */
export interface StackExport {
  version: number;
  deployment: Deployment;
}

export interface Deployment {
  resources?: StateResource[];
  pending_operations?: PendingOperation[];
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom?: boolean;
  /** The resource is replaced already and waits for its deletion. */
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** What went wrong after it was created, as far as Pulumi saw. */
  initErrors?: string[];
}

/** A step that had begun and not ended when the state was written last. */
export interface PendingOperation {
  resource: StateResource;
  type: string;
}

export const DOCKER_CONTAINER = "docker:index/container:Container";
export const DOCKER_NETWORK = "docker:index/network:Network";
export const DOCKER_VOLUME = "docker:index/volume:Volume";
/** What Pulumi itself makes first: the stack's root, which holds its outputs. */
export const ROOT_STACK = "pulumi:pulumi:Stack";
const RANDOM_UUID = "random:index/randomUuid:RandomUuid";

/** Resources of one type, those that wait for their deletion included. */
export function resourcesOf(deployment: Deployment, type: string): StateResource[] {
  return (deployment.resources ?? []).filter((resource) => resource.type === type);
}

/** Name in the program: the last part of the URN. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Identity of the stack, which its containers and networks carry as a label; undefined before the first `up`. */
export function stackIdOf(deployment: Deployment): string | undefined {
  return resourcesOf(deployment, RANDOM_UUID).find((resource) => nameOf(resource.urn) === "stack-id")?.id;
}

/** Generated secrets and the stack's identity: what gives access to kept data. */
export function generatedValues(deployment: Deployment): StateResource[] {
  return (deployment.resources ?? []).filter((resource) => resource.type.startsWith("random:"));
}

/** Anything that exists outside the state: real resources but generated values and providers. */
export function realResources(deployment: Deployment): StateResource[] {
  return (deployment.resources ?? []).filter(
    ({ custom, type }) => custom && !type.startsWith("pulumi:") && !type.startsWith("random:"),
  );
}

/**
 * The password that a server was told for its first admin.
 * @param state an export with its secrets decrypted
 * @param region its name; absent for the Nexus
 */
export function adminPasswordIn(
  { deployment }: Pick<StackExport, "deployment">,
  region?: string,
): string | undefined {
  const name = region === undefined ? "nexus-server" : `region-${region}-server`;
  const server = resourcesOf(deployment, DOCKER_CONTAINER).find(
    (resource) => nameOf(resource.urn) === name && !resource.delete,
  );
  const envs = opened(server?.inputs?.envs);
  const all = Array.isArray(envs) ? envs.map(opened) : [];
  const start = "ADMIN_PASSWORD=";
  const found = all.find((entry): entry is string => typeof entry === "string" && entry.startsWith(start));
  return found?.slice(start.length);
}

/** A decrypted secret of an export stands there as JSON. */
function opened(value: unknown): unknown {
  const isSecret = typeof value === "object" && value !== null && "plaintext" in value;
  return isSecret && typeof value.plaintext === "string" ? JSON.parse(value.plaintext) : value;
}
