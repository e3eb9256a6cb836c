import { expect, it, vi } from "vitest";
import { agree } from "../../../../operations/deploy/impact/agree";
import { runPulumi } from "../../../../operations/deploy/pulumi/process";
import type { ReadyStack } from "../../../../operations/deploy/ready";
import { giveBackCpu } from "../../../../operations/deploy/recover/borrowed";
import { takeOrder } from "../../../../operations/deploy/underLock/order";
import { agreedUp } from "../../../../operations/deploy/up";
import { silentReporter } from "../../../support/reporter";
import { REPOSITORY } from "../../../support/toolchain";

vi.mock("../../../../operations/deploy/impact/agree", () => ({
  agree: vi.fn(async () => ({ verdict: "go", impact: [], violations: [] })),
}));
vi.mock("../../../../operations/deploy/pulumi/process", () => ({ runPulumi: vi.fn() }));
vi.mock("../../../../operations/deploy/recover/borrowed", () => ({ giveBackCpu: vi.fn() }));
vi.mock("../../../../operations/deploy/state/stack", () => ({
  exportStack: async () => ({ deployment: {} }),
}));

const ready = {
  open: { projectDir: "/nowhere", stack: "dev", qualified: "dev", settingsCopy: "/copy", place: { env: {} } },
  platform: { settings: {} },
  files: {},
  unready: [],
} as unknown as ReadyStack;

it.each([
  ["takes back what it lent", "one that failed on its way", true, 1],
  ["touches nothing", "one that was refused the lock by a run at work", false, 0],
])("an `up` %s: %s", async (_what, _which, isLetIn, times) => {
  vi.mocked(giveBackCpu).mockClear();
  vi.mocked(runPulumi).mockImplementation(async ({ env }) => {
    if (isLetIn) takeOrder(env);
    return 255;
  });
  const how = { extra: [], allowDataLoss: [], reporter: silentReporter() };
  expect((await agreedUp(ready, how)).result).toBe("failed");
  expect(giveBackCpu).toHaveBeenCalledTimes(times);
});

it.each([
  [true, "without the policies, which have judged all of it"],
  [false, "with the policies, which left something to it"],
])("where `judged` is %s, pulumi runs %s", async (judged) => {
  vi.mocked(agree).mockResolvedValueOnce({ verdict: "go", impact: [], violations: [], judged });
  vi.mocked(runPulumi).mockReset().mockResolvedValue(255);
  const ours = { ...ready, open: { ...ready.open, projectDir: REPOSITORY } };
  await agreedUp(ours, { extra: [], allowDataLoss: [], reporter: silentReporter() });
  const [, args = []] = vi.mocked(runPulumi).mock.calls[0] ?? [];
  expect(args[0]).toBe("up");
  expect(args.includes("--policy-pack")).toBe(!judged);
});
