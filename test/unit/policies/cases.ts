import type { Policy, Resource } from "./harness";

type Outcome = RegExp | "passes";

/** How a policy is tested: every policy has at least one case of each kind, with the name of the case as key. */
export interface PolicyCases {
  policy: Policy;
  /** Configuration of all cases; default: none. */
  config?: object;
  /** Nothing is reported. */
  compliant: Record<string, Resource[]>;
  /** Exactly one violation, whose message matches. */
  broken: Record<string, [Resource[], RegExp]>;
  /** The last value that passes and the first that does not. */
  boundary: Record<string, [Resource[], Outcome]>;
  /** A value that a preview cannot know: refused, or noted and judged by `up`. The message names the property. */
  unknown: Record<string, [Resource[], "policy" | "advisory", RegExp]>;
  /** Cases in which the configuration is not the default. */
  configured?: Record<string, [Resource[], object, Outcome]>;
}
