import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { earlier, type RecordedResource, record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

const line = ({ type }: RecordedResource, { name, parent }: { name: string; parent: string }): string =>
  `${type} ${name} < ${parent.split("::").at(-1)}`;

/*
 * A resource whose type, name or parent changes is deleted and made again, and with it what it stands for. So whoever
 * changes this list changes what every stack that exists goes through at its next `up`.
 */
it("every resource keeps its type, name and parent", async () => {
  const { resources } = await record(() => declarePlatform([region("aurora", 1)]));
  const lines = resources.map((one) => line(one, one));
  await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot("__snapshots__/urns.txt");
});

/**
 * Components that only grouped others, which stand for nothing on a host; and data volumes, which are kept when their
 * records go (ADR 0036).
 */
const GONE = /^nexus:(data|edge):|^docker:index\/volume:Volume \S+-data /;

/* The list of a stack that a program made which had more of them (ADR 0034). */
it("every resource of a stack that exists is taken over, but for what its state may let go of", async () => {
  const { resources } = await record(() => declarePlatform([region("aurora", 1)]), earlier(16));
  const now = new Set(resources.flatMap((one) => [one, ...one.options.aliases].map((as) => line(one, as))));
  const before = readFileSync(join(__dirname, "formerUrns.txt"), "utf8").trim().split("\n");
  expect(before).toHaveLength(55);
  expect(before.filter((one) => !now.has(one) && !GONE.test(one))).toEqual([]);
});
