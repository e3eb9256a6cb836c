type PrepareStackTrace = NonNullable<typeof Error.prepareStackTrace>;

/** The function of the SDK that takes a trace of every promise (`@pulumi/pulumi/runtime/debuggable.js`, 3.276.0). */
const TRACER = "debuggablePromise";

/**
 * A formatter of stack traces that leaves out the SDK's own bookkeeping. Pure.
 *
 * The SDK asks for the formatted trace of every promise that it makes, about twenty a resource, and prints it only
 * with `PULUMI_DEBUG_PROMISE_LEAKS`. Pulumi's loader maps each frame back to TypeScript, which was a third of the
 * program's CPU time in a profile of a preview of 20 regions. Every other trace stays as it was.
 * @param format the formatter that is there, mapping included
 */
function withoutPromiseTraces(format: PrepareStackTrace): PrepareStackTrace {
  return (error, frames) => (frames[0]?.getFunctionName() === TRACER ? String(error) : format(error, frames));
}

/** Makes the program faster by {@link withoutPromiseTraces}, unless somebody looks for leaked promises. */
export function skipPromiseTraces(): void {
  const format = Error.prepareStackTrace;
  if (format && !process.env.PULUMI_DEBUG_PROMISE_LEAKS)
    Error.prepareStackTrace = withoutPromiseTraces(format);
}
