import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../config/problems";
import { Stop } from "../stop";
import { changedSince, filesOf, stateOf } from "./agreed";
import type { Held } from "./held";
import { stateNow } from "./held";
import { takeOrder } from "./order";
import { removeLeftovers } from "./repair";

/**
 * What the program does for the command that started it, beyond declaring resources. Without a command, as in a
 * plain `pulumi up`, it only declares.
 * @param declare is handed what must be awaited before the first resource
 * @throws RunError when something changed since the command looked at it; then nothing is declared and nothing changed
 */
export async function underLock<T>(
  held: Omit<Held, "qualified">,
  declare: (ready: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const order = told(takeOrder);
  if (!order) return declare(async () => undefined);
  const stack: Held = { ...held, qualified: order.stack };
  if (order.task === "repair") return told(() => removeLeftovers(stack)) as Promise<T>;
  const { agreed } = order;
  return declare(() =>
    told(async () => {
      const state = agreed.state && stateOf(await stateNow(stack));
      // The files last: by now the program has read all of them.
      const refused = changedSince(agreed, { files: filesOf(stack.projectDir, stack.name), state });
      if (refused === undefined) return;
      order.answer({ refused });
      throw new pulumi.RunError(refused);
    }),
  );
}

/** What our own code has to tell a person, in the form of which Pulumi shows the message without a stack. */
function told<T>(work: () => T): T {
  const asRunError = (error: unknown): never => {
    throw error instanceof Stop || error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(asRunError) as T) : result;
  } catch (error) {
    return asRunError(error);
  }
}
