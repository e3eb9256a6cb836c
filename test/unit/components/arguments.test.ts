import { expect, it } from "vitest";
import {
  type ArgumentRow,
  CONTAINER_ARGUMENTS,
  NETWORK_ARGUMENTS,
  REPLACE_ON_CHANGES,
  VOLUME_ARGUMENTS,
} from "../../../components/arguments";
import { CONTAINER, NETWORK, record, VOLUME } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

it.each([
  [CONTAINER, CONTAINER_ARGUMENTS],
  [NETWORK, NETWORK_ARGUMENTS],
  [VOLUME, VOLUME_ARGUMENTS],
])("every argument that the platform gives a %s has a row", async (type, table) => {
  const { ofType } = await record(() => declarePlatform([region("aurora", 1)]));
  const given = ofType(type).flatMap(({ inputs }) => Object.keys(inputs));
  expect(given.length).toBeGreaterThan(0);
  for (const argument of new Set(given)) expect(Object.keys(table)).toContain(argument);
});

it("what the provider ignores is replaced, unless a hook does it", () => {
  const ignored = Object.entries<ArgumentRow>(CONTAINER_ARGUMENTS).filter(
    ([, row]) => row.provider === "ignored",
  );
  const uncovered = ignored.map(([name]) => name).filter((name) => !REPLACE_ON_CHANGES.includes(name));
  expect(uncovered).toEqual(["cpuQuota"]);
});
