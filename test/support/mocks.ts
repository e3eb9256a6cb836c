import * as pulumi from "@pulumi/pulumi";

/** One resource as the program registered it. */
export interface RecordedResource {
  type: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs of any resource type
  inputs: Record<string, any>;
  provider: string;
  parent: string;
  options: {
    protect: boolean;
    deleteBeforeReplace: boolean;
    replaceOnChanges: string[];
    ignoreChanges: string[];
    additionalSecretOutputs: string[];
    /** What it was before, where it was something else: its name, and its parent's URN. */
    aliases: { name: string; parent: string }[];
    dependencies: string[];
    hooks: string[];
  };
}

export interface Recording {
  resources: RecordedResource[];
  /** All resources of one type, in order of registration. */
  ofType(type: string): RecordedResource[];
  /** Exactly one resource of that type and name; throws otherwise. */
  one(type: string, name: string): RecordedResource;
}

export const CONTAINER = "docker:index/container:Container";
export const NETWORK = "docker:index/network:Network";
export const REGION = "nexus:region:RegionStack";
export const NEXUS_STACK = "nexus:nexus:NexusStack";
export const VOLUME = "docker:index/volume:Volume";

/**
 * Runs a program against Pulumi's mock monitor and returns everything it registered, with its options.
 * It proves shape only: no provider checks, defaults or differences, and hooks do not run.
 * @param state what an earlier program left in the state of a resource, and stays
 */
export async function record(
  program: () => unknown,
  state: (args: pulumi.runtime.MockResourceArgs) => object = () => ({}),
): Promise<Recording> {
  const resources: RecordedResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => ({
        id: `${args.name}-id`,
        state: { ...args.inputs, ...computed(args), ...state(args) },
      }),
      call: (args) => {
        throw new Error(`The program called ${args.token}; nothing here may ask a provider at preview.`);
      },
    },
    "nexus",
    "test",
  );
  tapOptions(resources);
  program();
  // Exported, but left out of the SDK's typings.
  await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return recording(resources);
}

function recording(resources: RecordedResource[]): Recording {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    resources,
    ofType,
    one(type, name) {
      const found = ofType(type).filter((resource) => resource.name === name);
      const [only] = found;
      if (found.length !== 1 || !only) {
        const names = ofType(type).map((resource) => resource.name);
        throw new Error(`expected one ${type} "${name}", got ${found.length}; there are ${names.join(", ")}`);
      }
      return only;
    },
  };
}

/**
 * State of a stack from before there was a root of an area's secrets: for the parameter `state` of {@link record}.
 * @param length of what was an admin's password then: 40 in the oldest, 16 later
 */
export const earlier =
  (length: number) =>
  ({ name }: pulumi.runtime.MockResourceArgs): object =>
    name.endsWith("-passwords") ? { length } : {};

/** Values that a provider would compute; constant, so that two recordings can be compared. */
function computed({ type, name }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return { result: `secret-of-${name}` };
    case "random:index/randomBytes:RandomBytes":
      return { base64: Buffer.from(name.padEnd(32, "x").slice(0, 32)).toString("base64") };
    case "random:index/randomUuid:RandomUuid":
      return { result: "00000000-0000-4000-8000-000000000000" };
    default:
      return {};
  }
}

/** Mock arguments carry no options, so they are read where the SDK hands them to the monitor. */
function tapOptions(into: RecordedResource[]): void {
  // biome-ignore lint/suspicious/noExplicitAny: the monitor's request has no public type
  const monitor = pulumi.runtime.getMonitor() as any;
  const register = monitor.registerResource.bind(monitor);
  // The mock monitor has no hooks; that one was bound is read from the resource's request.
  monitor.registerResourceHook = (_request: unknown, callback: (error: null) => void) => callback(null);
  // biome-ignore lint/suspicious/noExplicitAny: see above
  monitor.registerResource = (request: any, callback: unknown) => {
    const hooks = request.getHooks?.();
    into.push({
      type: request.getType(),
      name: request.getName(),
      inputs: unwrap(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
      provider: request.getProvider(),
      parent: request.getParent(),
      options: {
        protect: request.getProtect(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        replaceOnChanges: request.getReplaceonchangesList(),
        ignoreChanges: request.getIgnorechangesList(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        aliases: aliasesOf(request),
        dependencies: request.getDependenciesList(),
        hooks: Object.entries(hooks?.toObject() ?? {}).flatMap(([kind, names]) =>
          (names as string[]).length > 0 ? [kind] : [],
        ),
      },
    });
    return register(request, callback);
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the monitor's request has no public type
function aliasesOf(request: any): { name: string; parent: string }[] {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  return request.getAliasesList().map((alias: any) => ({
    name: alias.getSpec().getName() || request.getName(),
    parent: alias.getSpec().getParenturn(),
  }));
}

const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

/** Replaces the wire form of a secret by `{secret: value}`, so that tests can assert on both. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrap);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE_KEY] === SECRET_SIGNATURE) {
    return { secret: unwrap(record.value) };
  }
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, unwrap(inner)]));
}
