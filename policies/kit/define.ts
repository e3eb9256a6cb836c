import type { PolicyConfigSchema, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { PropsByType } from "./resources";
import { advise, judge, type Part, type WhenUnknown } from "./unknown";

interface Rule<Config> {
  name: string;
  /** One sentence: what the policy promises. It is printed above every violation. */
  description: string;
  /** Every key with its default, as JSON schema; the engine fills the defaults in. */
  config: { [Key in keyof Config]: PolicyConfigSchema["properties"][string] & { default: Config[Key] } };
}

export interface ResourceRule<Type extends keyof PropsByType, Config> extends Rule<Config> {
  type: Type;
  whenUnknown: WhenUnknown;
  check(subject: {
    props: PropsByType[Type];
    config: Config;
    part: Part;
    report(message: string): void;
  }): void;
}

/** A policy for every resource of one type. It sees inputs, before each step of a preview and of an `up`. */
export function resourcePolicy<Type extends keyof PropsByType, Config extends object = object>(
  rule: ResourceRule<Type, Config>,
): ResourceValidationPolicy {
  const { name, description, config } = rule;
  return {
    name,
    description,
    configSchema: { properties: config },
    validateResource(args, report) {
      if (args.type !== rule.type) return;
      judge(report, rule.whenUnknown, (part) =>
        rule.check({
          props: args.props as PropsByType[Type],
          config: args.getConfig<Config>(),
          part,
          report,
        }),
      );
    },
  };
}

/** One policy that was written by type: what each says counts. Name, description and configuration are the first's. */
export function together(policies: readonly ResourceValidationPolicy[]): ResourceValidationPolicy {
  const [first] = policies;
  if (!first) throw new Error("no policy was given");
  return { ...first, validateResource: policies.flatMap(({ validateResource = [] }) => validateResource) };
}

/** A resource of a stack with the props that policies read. */
export interface Judged<Props> {
  urn: string;
  props: Props;
}

export interface StackRule<Config> extends Rule<Config> {
  check(subject: {
    /** All resources of one type, sorted by URN. */
    all<Type extends keyof PropsByType>(type: Type): Judged<PropsByType[Type]>[];
    config: Config;
    part: Part;
    report(message: string, urn?: string): void;
    /** Says that something is not judged, and refuses nothing. */
    note(message: string): void;
  }): void;
}

/**
 * A policy for the stack as a whole. It sees outputs, after the last step: only a preview can refuse by it before
 * anything is made, so an unknown value is always a violation.
 */
export function stackPolicy<Config extends object>(rule: StackRule<Config>): StackValidationPolicy {
  const { name, description, config } = rule;
  return {
    name,
    description,
    configSchema: { properties: config },
    validateStack({ resources, getConfig }, report) {
      const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
      judge(report, "refuse", (part) =>
        rule.check({
          all: <Type extends keyof PropsByType>(type: Type) =>
            sorted
              .filter((resource) => resource.type === type)
              .map(({ urn, props }) => ({ urn, props: props as PropsByType[Type] })),
          config: getConfig<Config>(),
          part,
          report,
          note: (message) => advise(report, message),
        }),
      );
    },
  };
}
