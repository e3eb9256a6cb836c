import { describe, expect, it } from "vitest";
import { addressList } from "../../../components/addresses";
import type { Settings } from "../../../settings";

const first = (address: string, dockerHost?: string) => {
  const settings = { gateway: { address, httpPort: 8080 }, publish: {}, dockerHost } as Settings;
  return addressList({ settings, regions: [] })[0]?.url;
};

describe("the gateway's address", () => {
  it("is the one that it listens on", () => {
    expect(first("192.0.2.7", "tcp://docker.example:2375")).toBe("http://192.0.2.7:8080/");
  });

  it.each([
    ["tcp://docker.example:2375", "docker.example"],
    ["ssh://root@docker.example", "docker.example"],
    ["unix:///var/run/docker.sock", "127.0.0.1"],
    [undefined, "127.0.0.1"],
  ])("of one that listens on all is the host of the Engine at %s", (dockerHost, host) => {
    expect(first("0.0.0.0", dockerHost)).toBe(`http://${host}:8080/`);
  });
});
