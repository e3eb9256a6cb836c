import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { skipPromiseTraces } from "../../../components/promiseTraces";

// Not in the SDK's public types.
const { debuggablePromise } = debuggable as unknown as {
  debuggablePromise(promise: Promise<unknown>, context: string): Promise<unknown>;
};

/** What the SDK keeps of a promise. */
function traceOf(promise: Promise<unknown>): string | undefined {
  return (promise as { _debugStackTrace?: string })._debugStackTrace;
}

describe("stack traces of the program", () => {
  const before = Error.prepareStackTrace;
  const formatted: string[] = [];
  beforeEach(() => {
    formatted.length = 0;
    Error.prepareStackTrace = (error) => {
      formatted.push(error.message);
      return `${error.message}, formatted`;
    };
  });
  afterEach(() => {
    Error.prepareStackTrace = before;
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  });

  it("are not formatted for the SDK's promises", () => {
    skipPromiseTraces();
    const promise = Promise.resolve();
    void debuggablePromise(promise, "a test");
    expect(traceOf(promise)).toBe("Error");
    expect(formatted).toEqual([]);
  });

  it("are formatted for everything else", () => {
    skipPromiseTraces();
    expect(new Error("wrong").stack).toBe("wrong, formatted");
  });

  it("are all formatted for whoever looks for leaked promises", () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "1";
    skipPromiseTraces();
    const promise = Promise.resolve();
    void debuggablePromise(promise, "a test");
    expect(traceOf(promise)).toBe(", formatted");
  });
});
