import { describe, expect, it } from "vitest";
import { findMirror, sourcesList } from "../../../images/mirror";

const target = (uri: string, suite: string, origin = "", component = "main", by = "Packages") =>
  [by, uri, suite, component, origin].join("|");

function find(lines: string[], config = "") {
  return findMirror(lines.join("\n"), config, "bookworm");
}

describe("the Debian mirror of apt's configuration", () => {
  it("is the archive with its updates and security fixes", () => {
    const mirror = find([
      target("http://mirror.test/debian/", "bookworm", "Debian", "main", "DEP-11"),
      target("http://mirror.test/debian/", "bookworm", "Debian"),
      target("http://mirror.test/debian/", "bookworm", "Debian", "contrib"),
      target("http://mirror.test/debian/", "bookworm-updates", "Debian"),
      target("http://mirror.test/debian-security/", "bookworm-security", "Debian"),
    ]);
    expect(mirror?.uri).toBe("http://mirror.test/debian/");
    expect(mirror && sourcesList(mirror)).toBe(
      "deb http://mirror.test/debian/ bookworm main\n" +
        "deb http://mirror.test/debian/ bookworm-updates main\n" +
        "deb http://mirror.test/debian-security/ bookworm-security main\n",
    );
  });

  it("is found on another Debian release, and asked for ours", () => {
    const mirror = find([
      target("https://m.test/debian", "trixie"),
      target("https://m.test/debian-security", "trixie-security"),
    ]);
    expect(mirror && sourcesList(mirror)).toBe(
      "deb https://m.test/debian bookworm main\ndeb https://m.test/debian-security bookworm-security main\n",
    );
  });

  it.each([
    ["another vendor's archive", target("https://vendor.test/linux/debian", "bookworm", "Docker", "stable")],
    ["another vendor's main component", target("https://apt.test", "stable", "grafana stable")],
    [
      "a suite that only begins like a release",
      target("https://apt.test/debian", "bookworm-pgdg", "apt.postgresql.org"),
    ],
    ["another distribution", target("http://archive.test/ubuntu/", "noble", "Ubuntu")],
    ["a file", target("file:/srv/debian", "bookworm", "Debian")],
    ["an empty configuration", ""],
  ])("is not %s", (_, line) => {
    expect(find([line])).toBeUndefined();
  });

  it("brings the proxy and the date checks of the machine along", () => {
    const config =
      'APT::Get "x";\nAcquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\nAcquire::http::Proxy "http://proxy.test:3128";\n';
    expect(find([target("http://mirror.test/debian", "bookworm")], config)).toMatchObject({
      aptConf: ['Acquire::Check-Valid-Until "false";', 'Acquire::Check-Date "false";'],
      proxy: "http://proxy.test:3128",
    });
  });

  it("has no proxy when apt is told to go directly", () => {
    const mirror = find([target("http://mirror.test/debian", "bookworm")], 'Acquire::http::Proxy "DIRECT";');
    expect(mirror).not.toHaveProperty("proxy");
  });
});
