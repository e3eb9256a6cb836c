import * as sdk from "@pulumi/policy";

/**
 * What a policy does when it needs a value that only exists once other resources do.
 * - `refuse`: a violation. For what this program always computes from plain data, so that an unknown value means that
 *   somebody made a limit depend on a resource.
 * - `judge at up`: a note in the preview. `up` runs resource policies again before each step, with the value, and a
 *   violation then stops the resource before it is made. Stack policies cannot use it: they run after the last step.
 */
export type WhenUnknown = "refuse" | "judge at up";

/**
 * A judgement that stands alone: when it meets an unknown value, the others are still made.
 * @param urn of the resource that it is about; default: the one that the policy was asked about
 */
export type Part = (judgement: () => void, urn?: string) => void;

/** Reading an unknown property throws it. Exported since 1.21 for this use, but left out of the typings. */
const { UnknownValueError } = sdk as unknown as {
  UnknownValueError: new (...args: never) => Error & { props: PropertyKey[] };
};

/**
 * Runs a check so that an unknown value is never passed in silence. Left to itself, the SDK would end the whole check
 * and turn even a mandatory policy into a note.
 */
export function judge(
  report: sdk.ReportViolation,
  whenUnknown: WhenUnknown,
  check: (part: Part) => void,
): void {
  const unknown = new Map<string | undefined, Set<string>>();
  const part: Part = (judgement, urn) => {
    try {
      judgement();
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      // The way to the property, never a value.
      const paths = unknown.get(urn) ?? new Set();
      unknown.set(urn, paths.add(error.props.map(String).join(".")));
    }
  };
  part(() => check(part));
  for (const [urn, paths] of unknown) {
    const names = [...paths].join(", ");
    if (whenUnknown === "refuse") {
      report(`cannot be judged: a preview does not know ${names}. Give a plain value`, urn);
    } else {
      advise(report, `not known in a preview, judged by \`up\` before this resource is changed: ${names}`);
    }
  }
}

/**
 * A note, whatever the policy's own level is. The SDK takes an object for that (server.js, makeReportViolationFun);
 * its typings only know the message.
 */
export function advise(report: sdk.ReportViolation, message: string): void {
  report({ message, enforcementLevel: "advisory" } as unknown as string);
}
