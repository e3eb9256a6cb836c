import { describe, expect, it } from "vitest";
import type { ObservedContainer } from "../../../../operations/verify/observed";
import { region } from "../../../support/platform";
import { changed, DB, DECLARED, drift, expectedOf, perfect, SERVER, short, withContainer } from "./fixtures";

describe("hardening and everything else that only a new container can change", () => {
  const hardening = (change: object) => (is: ObservedContainer) => ({
    hardening: { ...is.hardening, ...change },
  });
  it.each<[string, (is: ObservedContainer) => Partial<ObservedContainer>, string]>([
    ["a writable root", hardening({ readOnly: false }), "root file system|read-only|writable"],
    ["privileged", hardening({ privileged: true }), "privileged|no|yes"],
    ["capabilities kept", hardening({ capDrop: [] }), "capabilities dropped|ALL|none"],
    ["a capability added", hardening({ capAdd: ["NET_ADMIN"] }), "capabilities added|none|NET_ADMIN"],
    ["no security option", hardening({ securityOpt: [] }), "security options|no-new-privileges:true|none"],
    [
      "a security option more",
      hardening({ securityOpt: ["no-new-privileges:true", "seccomp=unconfined"] }),
      "security options|no-new-privileges:true|no-new-privileges:true, seccomp=unconfined",
    ],
    ["the host's processes", hardening({ hostNamespaces: ["pid"] }), "namespaces of the host|none|pid"],
    ["a class of devices", hardening({ deviceRules: ["b 7:* rwm"] }), "device rules|none|b 7:* rwm"],
    ["a device", hardening({ devices: ["/dev/kvm"] }), "devices|none|/dev/kvm"],
    [
      "a capability in the kernel",
      hardening({ kernel: { capabilities: "00000000a80425fb", noNewPrivileges: true } }),
      "capabilities in the kernel|none|0xa80425fb",
    ],
    [
      "new privileges in the kernel",
      hardening({ kernel: { capabilities: "0000000000000000", noNewPrivileges: false } }),
      "new privileges in the kernel|no|yes",
    ],
    ["another image", () => ({ image: "other:1" }), `image|${imageOf(DB)}|other:1`],
    ["root", () => ({ user: "" }), "user|70:70|root"],
    ["no restart", () => ({ restartPolicy: "no" }), "restart policy|unless-stopped|no"],
    ["no health check", () => ({ hasHealthCheck: false }), "health check|present|none"],
    [
      "a published port",
      () => ({ ports: [{ internal: 5432, external: 5432, ip: "0.0.0.0" }] }),
      "published ports|none|0.0.0.0:5432->5432",
    ],
  ])("%s", (_, change, wanted) => {
    const found = drift(withContainer(perfect(DECLARED), DB, change));
    expect(short(found)).toEqual([`aurora|${DB}|${wanted}`]);
    expect(found[0]?.remedy).toBe(
      `docker rm -f ${DB}, then npm run up -- --stack test: it is made again and keeps its data`,
    );
  });

  it("without what only this machine's kernel tells, there is nothing to compare", () => {
    expect(changed(DB, (is) => ({ hardening: { ...is.hardening, kernel: undefined } }))).toEqual([]);
  });

  it("a published port that is missing, or beyond loopback", () => {
    expect(changed("t-central-nexus-db", () => ({ ports: [] }))).toEqual([
      "central-nexus|t-central-nexus-db|published ports|127.0.0.1:5433->5432|none",
    ]);
    const open = (is: ObservedContainer) => ({ ports: is.ports.map((one) => ({ ...one, ip: "0.0.0.0" })) });
    expect(changed("t-central-nexus-db", open)).toEqual([
      "central-nexus|t-central-nexus-db|published ports|127.0.0.1:5433->5432|0.0.0.0:5433->5432",
    ]);
  });

  it("a mount more, one less, one writable", () => {
    const socket = { type: "bind", source: "/var/run/docker.sock", path: "/d.sock", readOnly: true };
    expect(changed(SERVER, (is) => ({ mounts: [...is.mounts, socket] }))).toEqual([
      `aurora|${SERVER}|mounts|none|bind /var/run/docker.sock:/d.sock:ro`,
    ]);
    expect(changed(DB, ({ mounts }) => ({ mounts: mounts.slice(1) }))).toHaveLength(1);
    expect(
      changed(DB, ({ mounts }) => ({ mounts: mounts.map((one) => ({ ...one, readOnly: false })) })),
    ).toHaveLength(1);
  });

  it("the one on the allow-list has what is listed there, and that is not listed for others", () => {
    const keeper = perfect(DECLARED).containers.find(({ name }) => name === "t-disk-keeper");
    const kernel = { capabilities: "0000000000200000", noNewPrivileges: true };
    expect(keeper?.hardening.kernel).toEqual(kernel);
    expect(changed("t-disk-keeper", hardening({ kernel: { ...kernel, capabilities: "0" } }))).toEqual([
      "central-nexus|t-disk-keeper|capabilities in the kernel|0x200000|none",
    ]);
    expect(changed(DB, hardening({ capAdd: ["CAP_SYS_ADMIN"], kernel }))).toHaveLength(2);
  });

  it("the one on the allow-list may be missing where the host need not keep disk limits", () => {
    const without = (declared: typeof DECLARED) => {
      const observed = perfect(declared);
      return { ...observed, containers: observed.containers.filter(({ name }) => name !== "t-disk-keeper") };
    };
    expect(drift(without(DECLARED))).toEqual([]);
    const required = expectedOf([region("aurora", 1)], { diskLimit: "require" });
    expect(short(drift(without(required), required))).toEqual([
      "central-nexus|t-disk-keeper|container|running|missing",
    ]);
  });

  it("a container of something else under a declared name is one difference", () => {
    expect(changed(DB, () => ({ stack: undefined, image: "other:1", user: "" }))).toEqual([
      `aurora|${DB}|stack|this stack|made by something else`,
    ]);
  });
});

function imageOf(name: string): string | undefined {
  return DECLARED.containers.find((container) => container.name === name)?.image.ref;
}
