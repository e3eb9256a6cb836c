/** What a policy said of a resource. */
export interface Violation {
  policy: string;
  /** `mandatory` stops the run, `advisory` does not. */
  level: string;
  /** Name of the resource in the program; absent when the policy is about the whole stack. */
  resource?: string;
  message: string;
}

interface PolicyEvent {
  policyEvent?: { policyName?: string; enforcementLevel?: string; resourceUrn?: string; message?: string };
}

/** Pulumi marks colours in the messages of its event log, as in `<{%fg 1%}>`. */
const COLOURS = /<\{%.*?%\}>/g;

/** What the policies said, from pulumi's event log; pulumi's own JSON of a preview does not have it. */
export function violationsIn(log: string): Violation[] {
  return log
    .split("\n")
    .filter((line) => line.includes('"policyEvent"'))
    .flatMap((line) => {
      const { policyEvent } = JSON.parse(line) as PolicyEvent;
      if (!policyEvent) return [];
      const { policyName = "", enforcementLevel = "", resourceUrn = "", message = "" } = policyEvent;
      const [, , type, resource] = resourceUrn.split("::");
      return {
        policy: policyName,
        level: enforcementLevel,
        ...(resource !== undefined && type !== "pulumi:pulumi:Stack" && { resource }),
        message: message.replace(COLOURS, "").trim(),
      };
    });
}
