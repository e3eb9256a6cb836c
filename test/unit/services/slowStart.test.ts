import { expect, it } from "vitest";
import { useCpu } from "../../../services/gameserver/slowStart";

it("a slow start uses the CPU time it is told to, and lets signals through meanwhile", async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const before = process.cpuUsage();
  await useCpu(0.2);
  clearInterval(timer);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeGreaterThanOrEqual(0.2);
  expect(turns).toBeGreaterThan(2);
});
