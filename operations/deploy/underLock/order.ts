import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { failed } from "../../failure";
import type { Agreed } from "./agreed";

/** What a command wants of the program beyond declaring resources, while Pulumi holds the stack's update lock. */
export type Order =
  | { task: "repair" }
  /** Declare the resources only if nothing has changed since the command looked. */
  | { task: "apply"; agreed: Agreed };

/** What the program answers. */
export interface Answer {
  /** Why it declared nothing; absent when it did. */
  refused?: string;
}

const VARIABLE = "NEXUS_ORDER";
const ORDER = "order.json";
const ANSWER = "answer.json";

/** An order on its way to the program, which Pulumi starts with our environment and nothing else of ours. */
export class Handover {
  private readonly folder = mkdtempSync(join(tmpdir(), "nexus-order-"));
  readonly env: Record<string, string> = { [VARIABLE]: join(this.folder, ORDER) };

  /** @param stack the stack's name for pulumi */
  constructor(order: Order, stack: string) {
    writeFileSync(join(this.folder, ORDER), JSON.stringify({ ...order, stack }), { mode: 0o600 });
  }

  /** Did the program begin? Pulumi starts it when it holds the update lock, and not before. */
  get isTaken(): boolean {
    return !existsSync(join(this.folder, ORDER));
  }

  answer(): Answer {
    const file = join(this.folder, ANSWER);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Answer) : {};
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An order as the program finds it. */
export type TakenOrder = Order & { stack: string; answer(answer: Answer): void };

/**
 * The order of the command that started this program; undefined for a plain `pulumi`. An order counts once: with a
 * variable that stayed in somebody's shell, a later `up` would declare nothing, which is to delete everything.
 * @throws Failure when it was taken before
 */
export function takeOrder(env: NodeJS.ProcessEnv): TakenOrder | undefined {
  const file = env[VARIABLE];
  if (!file) return undefined;
  if (!existsSync(file)) {
    throw failed(
      `${VARIABLE} names ${file}, an order that is over. Only our own commands set it: unset ${VARIABLE}.`,
    );
  }
  const order = JSON.parse(readFileSync(file, "utf8")) as Order & { stack: string };
  rmSync(file);
  return {
    ...order,
    answer: (answer) => writeFileSync(join(dirname(file), ANSWER), JSON.stringify(answer), { mode: 0o600 }),
  };
}
