import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../../config/problems";
import type { DockerHost } from "../../../settings";
import { connect } from "../../docker/client";
import { Failure } from "../../failure";
import { tryProvider } from "../pulumi/tryProvider";
import { changedSince, filesOf, stateOf } from "./agreed";
import type { Held } from "./held";
import { stateNow } from "./held";
import { takeOrder } from "./order";
import { removeLeftovers } from "./repair";

/** Is awaited before the first resource, when all is read and nothing done. */
export type Ready = (dockerHost: DockerHost | undefined) => Promise<void>;

/**
 * What the program does for the command that started it, beyond declaring resources. Without a command, as in a
 * plain `pulumi up`, it tries the ways to the Docker host, which a command has done already.
 * @throws RunError when something changed since the command looked at it, or the Docker host cannot be used; then
 *   nothing is declared and nothing changed
 */
export async function underLock<T>(
  held: Omit<Held, "qualified">,
  declare: (ready: Ready) => Promise<T>,
): Promise<T> {
  const order = told(() => takeOrder(held.env));
  if (!order) return declare((dockerHost) => told(() => tryBothWays(dockerHost, held.projectDir)));
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

/** A preview asks nothing of the host that it could not do without. */
async function tryBothWays(dockerHost: DockerHost | undefined, projectDir: string): Promise<void> {
  if (pulumi.runtime.isDryRun()) return;
  await connect(dockerHost);
  await tryProvider(dockerHost, projectDir);
}

/** What our own code has to tell a person, in the form of which Pulumi shows the message without a stack. */
function told<T>(work: () => T): T {
  const asRunError = (error: unknown): never => {
    throw error instanceof Failure || error instanceof ConfigError
      ? new pulumi.RunError(error.message)
      : error;
  };
  try {
    const result = work();
    return result instanceof Promise ? (result.catch(asRunError) as T) : result;
  } catch (error) {
    return asRunError(error);
  }
}
