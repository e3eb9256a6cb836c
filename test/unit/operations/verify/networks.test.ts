import { describe, expect, it } from "vitest";
import type { ObservedContainer } from "../../../../operations/verify/observed";
import { changed, DB, DECLARED, drift, perfect, short, withContainer } from "./fixtures";

describe("networks", () => {
  it("a container that left, or is on one too many", () => {
    const [own] = perfect(DECLARED).containers.find(({ name }) => name === DB)?.networks ?? [];
    expect(changed(DB, () => ({ networks: [] }))).toEqual([
      `aurora|${DB}|network t-region-aurora|${own?.fixed}|not on it`,
    ]);
    const extra = { network: "t-regional", aliases: [], address: "172.21.128.2" };
    const found = drift(
      withContainer(perfect(DECLARED), DB, (is) => ({ networks: [...is.networks, extra] })),
    );
    expect(short(found)).toEqual([`aurora|${DB}|network t-regional|not on it|172.21.128.2`]);
    expect(found[0]?.remedy).toBe(`docker network disconnect t-regional ${DB}`);
  });

  it("an address or a DNS name that is not the declared one", () => {
    const address = (change: object) => (is: ObservedContainer) => ({
      networks: is.networks.map((one) => ({ ...one, ...change })),
    });
    expect(changed(DB, address({ address: "172.22.1.99", fixed: "172.22.1.99" }))).toEqual([
      `aurora|${DB}|network t-region-aurora|172.22.1.11|172.22.1.99`,
    ]);
    expect(changed(DB, address({ address: "172.22.1.99" }))).toEqual([
      `aurora|${DB}|network t-region-aurora|172.22.1.11|172.22.1.99`,
    ]);
    expect(changed(DB, address({ fixed: undefined }))).toEqual([
      `aurora|${DB}|network t-region-aurora|172.22.1.11|not fixed`,
    ]);
    expect(changed(DB, address({ aliases: ["0123456789ab"] }))).toEqual([
      `aurora|${DB}|network t-region-aurora, DNS name|region-aurora-db|none`,
    ]);
  });

  it("a stopped container keeps its fixed address, though it has none now", () => {
    const stopped = (is: ObservedContainer) => ({
      state: "exited",
      enforced: undefined,
      networks: is.networks.map((one) => ({ ...one, address: undefined })),
    });
    expect(changed(DB, stopped)).toEqual([`aurora|${DB}|state|running|exited`]);
  });

  it("a stranger is named with the region whose network it is on", () => {
    const observed = perfect(DECLARED);
    const stranger = { network: "t-region-borealis", container: "snoop", address: "172.22.2.77" };
    const found = drift({ ...observed, members: [...observed.members, stranger] });
    expect(short(found)).toEqual(["borealis|snoop|network t-region-borealis|not on it|172.22.2.77"]);
    expect(found[0]?.remedy).toBe("docker network disconnect t-region-borealis snoop");
  });

  it.each([
    ["range", { subnet: "10.0.0.0/24" }, "172.22.1.0/24|10.0.0.0/24"],
    ["gateway", { gateway: "172.22.1.254" }, "172.22.1.1|172.22.1.254"],
    ["way out", { internal: false }, "none|open"],
  ])("another %s", (what, change, wanted) => {
    const observed = perfect(DECLARED);
    const networks = observed.networks.map((one) =>
      one.name === "t-region-aurora" ? { ...one, ...change } : one,
    );
    expect(short(drift({ ...observed, networks }))).toEqual([
      `aurora||${what} of network t-region-aurora|${wanted}`,
    ]);
  });

  it("one that is missing, and one that no file declares", () => {
    const observed = perfect(DECLARED);
    const networks = observed.networks.filter(({ name }) => name !== "t-regional");
    expect(short(drift({ ...observed, networks }))).toEqual([
      "central-nexus||network t-regional|172.21.0.0/16|missing",
    ]);
    const [first] = networks;
    const extra = first ? [...observed.networks, { ...first, name: "t-region-old" }] : [];
    expect(short(drift({ ...observed, networks: extra }))).toEqual([
      "(no region)||network t-region-old|none|there",
    ]);
  });
});
