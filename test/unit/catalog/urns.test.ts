import { expect, it } from "vitest";
import { record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

/*
 * A resource whose type, name or parent changes is deleted and made again, and with it what it stands for. So whoever
 * changes this list changes what every stack that exists goes through at its next `up`.
 */
it("every resource keeps its type, name and parent", async () => {
  const { resources } = await record(() => declarePlatform([region("aurora", 1)]));
  const lines = resources.map(({ type, name, parent }) => `${type} ${name} < ${parent.split("::").at(-1)}`);
  await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot("__snapshots__/urns.txt");
});
