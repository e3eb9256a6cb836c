import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../../../../config/problems";
import type { UpOutcome } from "../../../../operations/deploy/up";
import { badInput, failed } from "../../../../operations/failure";
import { applyEdit } from "../../../../operations/lifecycle/apply";
import { folderOf, project } from "./project";

const up = vi.fn<() => Promise<UpOutcome>>();
const OUTCOME = { changes: {}, addresses: [], durationSeconds: 1, impact: [], violations: [] };

afterEach(() => {
  vi.restoreAllMocks();
});

/** Applies an edit and tells how often it was undone and what was said. */
async function apply() {
  const said: string[] = [];
  const undo = vi.fn(async () => {});
  const edit = { file: "regions/dev/aurora.yaml", undo };
  const result = await applyEdit(
    edit,
    folderOf(project({}), (text) => said.push(text)),
    up,
  ).catch((error: unknown) => error);
  return { result, undone: undo.mock.calls.length, said: said.join("\n") };
}

describe("applyEdit", () => {
  it("goes on to the whole `up`", async () => {
    const outcome = { result: "succeeded" as const, ...OUTCOME };
    up.mockResolvedValue(outcome);
    expect(await apply()).toEqual({ result: outcome, undone: 0, said: "" });
  });

  it.each([badInput("no room"), new ConfigError([])])(
    "takes the edit back when `up` is refused",
    async (error) => {
      up.mockRejectedValue(error);
      const { result, undone, said } = await apply();
      expect([result, undone]).toEqual([error, 1]);
      expect(said).toContain("regions/dev/aurora.yaml is as it was before");
    },
  );

  it("takes the edit back when a policy or a failed preview says no", async () => {
    up.mockResolvedValue({ result: "refused", ...OUTCOME });
    expect(await apply()).toEqual({
      result: { result: "refused", ...OUTCOME },
      undone: 1,
      said: "`up` was refused, so regions/dev/aurora.yaml is as it was before.",
    });
  });

  it("keeps it when `up` fails or is answered with no, and says how to go on", async () => {
    for (const result of ["failed", "declined"] as const) {
      up.mockResolvedValue({ result, ...OUTCOME });
      const { undone, said } = await apply();
      expect(undone).toBe(0);
      expect(said).toContain("regions/dev/aurora.yaml keeps the change. Go on with `npm run up`");
    }
    up.mockRejectedValue(failed("the state is locked"));
    expect(await apply()).toMatchObject({ undone: 0, said: expect.stringContaining("keeps the change") });
  });
});
