import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { Handover, takeOrder } from "../../../../../operations/deploy/underLock/order";

describe("an order", () => {
  it("reaches the program with the stack's name, and its answer the command", () => {
    const handover = new Handover({ task: "apply", agreed: { files: { a: "1" } } }, "acme/nexus/prod");
    expect(handover.isTaken).toBe(false);
    const order = takeOrder(handover.env);
    expect(handover.isTaken).toBe(true);
    expect(order).toMatchObject({ task: "apply", agreed: { files: { a: "1" } }, stack: "acme/nexus/prod" });
    expect(handover.answer()).toEqual({});
    order?.answer({ refused: "why" });
    expect(handover.answer()).toEqual({ refused: "why" });
    handover.close();
    expect(existsSync(dirname(handover.env.NEXUS_ORDER ?? ""))).toBe(false);
  });

  it("is none for a plain pulumi", () => {
    expect(takeOrder({})).toBeUndefined();
  });

  it("counts once: a variable that stayed in a shell never makes an `up` declare nothing", () => {
    const handover = new Handover({ task: "repair" }, "dev");
    takeOrder(handover.env);
    expect(() => takeOrder(handover.env)).toThrow(/an order that is over.*unset NEXUS_ORDER/);
    handover.close();
    expect(() => takeOrder(handover.env)).toThrow(/an order that is over/);
  });
});
