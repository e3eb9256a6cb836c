import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Member, shares } from "../../../components/start/shares";

const member: fc.Arbitrary<Member> = fc.record(
  {
    steady: fc.integer({ min: 1, max: 400 }).map((step) => step * 10),
    as: fc.constantFrom("starting", "lending", "keeping"),
    used: fc.double({ min: 0, max: 5000, noNaN: true }),
  },
  { requiredKeys: ["steady", "as"] },
);
const members = fc.array(member, { minLength: 1, maxLength: 7 });
const named = (list: Member[]) => new Map(list.map((one, index) => [`m${index}`, one]));
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** Least and most that a member gets, as parts of its own limit. */
const BOUNDS = { starting: [1, Number.POSITIVE_INFINITY], keeping: [1, 1], lending: [1 / 3, 1] } as const;

describe("what containers may use while some start", () => {
  it("never adds up to more than was sold, and takes nothing from those who start", () => {
    fc.assert(
      fc.property(members, fc.nat(1000), (list, spare) => {
        const sold = sum(list.map(({ steady }) => steady)) + spare * 10;
        const got = shares(sold, named(list));
        expect(sum(got.values())).toBeLessThanOrEqual(sold);
        for (const [name, { steady, as }] of named(list)) {
          const millis = got.get(name) ?? 0;
          expect(millis % 10).toBe(0);
          const [least, most] = BOUNDS[as];
          expect(millis).toBeGreaterThanOrEqual(steady * least);
          expect(millis).toBeLessThanOrEqual(steady * most);
        }
      }),
    );
  });

  it("gives those who start everything that the others do not use, by their limits", () => {
    const got = shares(
      1000,
      named([
        { steady: 500, as: "starting" },
        { steady: 150, as: "starting" },
        { steady: 220, as: "lending", used: 5 },
        { steady: 80, as: "lending", used: 1 },
      ]),
    );
    expect([...got.values()]).toEqual([680, 200, 80, 30]);
  });

  it("leaves everybody's own to them where nobody would take it", () => {
    const waiting = [
      { steady: 150, as: "lending", used: 0 } as const,
      { steady: 220, as: "lending", used: 5 } as const,
      { steady: 80, as: "keeping", fixed: 40 } as const,
    ];
    expect([...shares(1000, named(waiting)).values()]).toEqual([150, 220, 40]);
  });

  it("lets a lender keep more as soon as it uses what it kept, and all while nobody knows", () => {
    const starter = { steady: 500, as: "starting" } as const;
    const kept = (used?: number) =>
      shares(1000, named([{ steady: 220, as: "lending", used }, starter])).get("m0");
    expect([undefined, 0, 40, 80, 150, 220].map(kept)).toEqual([220, 80, 80, 150, 220, 220]);
  });

  it("counts what it does not set with what it has", () => {
    const got = shares(
      1000,
      named([
        { steady: 500, as: "starting" },
        { steady: 220, as: "keeping", fixed: 450 },
      ]),
    );
    expect([...got.values()]).toEqual([550, 450]);
    const over = [
      { steady: 500, as: "starting" } as const,
      { steady: 220, as: "keeping", fixed: 900 } as const,
    ];
    expect([...shares(1000, named(over)).values()]).toEqual([500, 900]);
  });
});
