import { describe, expect, it } from "vitest";
import { violationsIn } from "../../../../operations/deploy/pulumi/violations";

const event = (resourceUrn: string, enforcementLevel: string, message: string) =>
  JSON.stringify({
    sequence: 1,
    policyEvent: { resourceUrn, message, color: "raw", policyName: "pinned-images", enforcementLevel },
  });

describe("what the policies said", () => {
  it("is in pulumi's event log, with colours that are of no use here", () => {
    const log = [
      '{"sequence":0,"preludeEvent":{"config":{}}}',
      event(
        "urn:pulumi:prod::nexus::docker:index/container:Container::nexus-gateway",
        "mandatory",
        "<{%fg 1%}>No digest.<{%reset%}>\n",
      ),
      event("urn:pulumi:prod::nexus::pulumi:pulumi:Stack::nexus-prod", "advisory", "The whole stack."),
      "",
    ].join("\n");
    expect(violationsIn(log)).toEqual([
      { policy: "pinned-images", level: "mandatory", resource: "nexus-gateway", message: "No digest." },
      { policy: "pinned-images", level: "advisory", message: "The whole stack." },
    ]);
    expect(violationsIn("")).toEqual([]);
  });
});
