import type {
  Policies,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import * as sdk from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy";
import { CONTAINER } from "../../../policies/kit/resources";

export type Policy = Policies[number];
export type Props = Record<string, unknown>;

export interface Resource {
  type: string;
  name: string;
  props: Props;
}

export interface Violation {
  message: string;
  /** "policy": the policy's own level, mandatory unless it is configured otherwise. */
  level: "policy" | "advisory";
  urn?: string;
}

// Exported for tests like these, but left out of the typings.
const { unknownCheckingProxy } = sdk as unknown as { unknownCheckingProxy: (props: Props) => Props };
/** What the engine sends for a value that a preview cannot know. */
export const { unknownStringValue: UNKNOWN, unknownArrayValue: UNKNOWN_LIST } = proxy as unknown as Record<
  "unknownStringValue" | "unknownArrayValue",
  string
>;

/** What the policy says about one resource, seen as the SDK shows it. */
export function judgeResource(
  policy: ResourceValidationPolicy,
  { type, name, props }: Resource,
  { stack = "dev", config = {} }: { stack?: string; config?: object } = {},
): Violation[] {
  const found: Violation[] = [];
  const args = {
    type,
    name,
    urn: urn(stack, type, name),
    props: unknownCheckingProxy(props),
    getConfig: () => ({ ...defaultsOf(policy), ...config }),
  } as unknown as ResourceValidationArgs;
  for (const validate of [policy.validateResource ?? []].flat()) void validate(args, collect(found));
  return found;
}

/** What the policy says about a whole stack. */
export function judgeStack(
  policy: StackValidationPolicy,
  resources: Resource[],
  { stack = "dev", config = {} }: { stack?: string; config?: object } = {},
): Violation[] {
  const found: Violation[] = [];
  void policy.validateStack(
    {
      resources: resources.map(
        ({ type, name, props }) =>
          ({
            type,
            name,
            urn: urn(stack, type, name),
            props: unknownCheckingProxy(props),
          }) as unknown as PolicyResource,
      ),
      stackTags: new Map(),
      getConfig: <T extends object>() => ({ ...defaultsOf(policy), ...config }) as unknown as T,
      notApplicable: () => {
        throw new Error("not used");
      },
    },
    collect(found),
  );
  return found;
}

/** Either kind. A resource policy is asked about each resource. */
export function judgeAll(
  policy: Policy,
  resources: Resource[],
  how: { stack?: string; config?: object } = {},
) {
  return "validateStack" in policy
    ? judgeStack(policy, resources, how)
    : resources.flatMap((resource) => judgeResource(policy, resource, how));
}

/** The configuration that the engine fills in. */
export function defaultsOf(policy: Policy): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(policy.configSchema?.properties ?? {}).map(([key, schema]) => [key, schema.default]),
  );
}

function collect(found: Violation[]) {
  return (message: string | { message: string; enforcementLevel: "advisory" }, urn?: string) => {
    found.push(
      typeof message === "string"
        ? { message, level: "policy", urn }
        : { message: message.message, level: message.enforcementLevel, urn },
    );
  };
}

function urn(stack: string, type: string, name: string): string {
  return `urn:pulumi:${stack}::nexus::${type}::${name}`;
}

/** A region's database as the program declares it; a test changes what it is about. */
export function container(changes: Props = {}, name = "region-aurora-db"): Resource {
  return {
    type: CONTAINER,
    name: `${name}-container`,
    props: {
      name,
      image: "nexus-local/postgres:0a1b2c3d4e5f",
      user: "70:70",
      labels: labels("aurora", "db"),
      envs: ["MAX_PLAYERS=100"],
      entrypoints: ["sh", "/etc/nexus/start.sh"],
      memory: 512,
      memorySwap: 512,
      cpuPeriod: 100_000,
      cpuQuota: 50_000,
      readOnly: true,
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true"],
      networkMode: "bridge",
      networksAdvanced: [{ name: "region-aurora" }],
      volumes: [
        { volumeName: "region-aurora-db-config", containerPath: "/etc/nexus", readOnly: true },
        { volumeName: "region-aurora-db-data", containerPath: "/var/lib/postgresql/data" },
      ],
      healthcheck: { tests: ["CMD", "pg_isready"] },
      mustRun: true,
      destroyGraceSeconds: 60,
      ...changes,
    },
  };
}

export function labels(region: string, role: string) {
  return [
    { label: "io.sectorwars.region", value: region },
    { label: "io.sectorwars.role", value: role },
    // Unknown until the stack's id is made.
    { label: "io.sectorwars.stack", value: UNKNOWN },
  ];
}
