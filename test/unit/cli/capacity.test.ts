import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { nexus } from "../../support/nexus";
import { REPOSITORY } from "../../support/toolchain";
import { regionFile, tempFolder } from "../regions/tempFolder";

const OPERATIONS = readFileSync(resolve(REPOSITORY, "docs/operations.md"), "utf8");

/** Every command is a Node process of its own that compiles the program. */
const SLOW = 60_000;

describe("capacity", { timeout: SLOW }, () => {
  it("counts on the declared host", () => {
    const { code, stdout, stderr } = nexus(["capacity", "--stack", "prod"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(OPERATIONS).toContain(`\`\`\`\n$ npm run -s capacity -- --stack prod\n${stdout}\`\`\``);
    expect(stdout.split("\n")).toEqual([
      'Host of stack "prod", as Pulumi.prod.yaml declares it (nexus:host):',
      "                  CPU   memory   disk",
      "host               64  66.57GB  500GB",
      "- system            1      1GB   20GB",
      "- Central Nexus  19.2  33.56GB  120GB",
      "= for regions    43.8  32.01GB  360GB",
      "- 3 regions        14  28.59GB  170GB",
      "= left           29.8   3.42GB  190GB",
      "",
      "region size          more fit  bounded by  CPU  memory  disk  slots  on the empty host",
      "1 CPU, 2GB, 10GB            1  memory       29       1    19    252  16 (memory)",
      "2 CPUs, 3GB, 20GB           1  memory       14       1     9    252  10 (memory)",
      "2 CPUs, 4GB, 20GB           0  memory       14       0     9    252  8 (memory)",
      "4 CPUs, 6GB, 20GB           0  memory        7       0     9    252  5 (memory)",
      "8 CPUs, 16GB, 100GB         0  memory        3       0     1    252  2 (memory)",
      "",
    ]);
  });

  it("counts one size, for a program", () => {
    const size = ["--cpu", "2", "--memory", "3GiB", "--disk", "50GB"];
    const { code, stdout, stderr } = nexus(["capacity", "--stack", "prod", "--format", "json", ...size]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("1GiB is 1,073,741,824 bytes")]);
    expect(JSON.parse(stdout)).toMatchObject({
      stack: "prod",
      hosts: [
        {
          source: "declared",
          size: { cpuMillis: 64_000 },
          regions: { count: 3, sum: { cpuMillis: 14_000, diskBytes: 170e9 } },
          left: { cpuMillis: 29_800, diskBytes: 190e9 },
          sizes: [
            {
              size: { cpuMillis: 2000, memoryBytes: 3 * 1024 ** 3, diskBytes: 50e9 },
              more: { count: 1, bound: "memoryBytes", by: { cpuMillis: 14, diskBytes: 3, slots: 252 } },
              inAll: { count: 7, bound: "diskBytes" },
            },
          ],
        },
      ],
    });
  });

  it("counts what is too much as well, instead of refusing it", () => {
    const cwd = tempFolder({
      "Pulumi.yaml": "name: nexus\nruntime: nodejs\n",
      "Pulumi.x.yaml":
        "config:\n  nexus:images: local\n  nexus:profile: laptop\n  nexus:host: {cpu: 4, memory: 4GB, disk: 45GB}\n",
      "regions/x/vega.yaml": regionFile("vega", 1),
    });
    for (const command of ["capacity", "cost"]) {
      const { code, stdout } = nexus([command, "--stack", "x", "-C", cwd, "--format", "json"]);
      expect(code).toBe(0);
      expect(stdout).not.toContain("specification");
    }
    const { stdout } = nexus(["capacity", "--stack", "x", "-C", cwd]);
    expect(stdout).toMatch(/^= left +-1.6 +-3.19GB +-5GB$/m);
  });

  it("says what to do where no host is declared and Docker does not answer", () => {
    const { code, stderr } = nexus(["capacity", "--stack", "dev"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /Docker is not running.* Or declare the host \(nexus:host\) to count without Docker\.$/m,
    );
  });

  it("refuses sizes that no region has, all at once", () => {
    const { code, stderr } = nexus(["capacity", "--cpu", "NaN", "--memory", "1GB", "--disk", "-5"]);
    expect(code).toBe(2);
    expect(
      stderr
        .trim()
        .split("\n")
        .map((line) => line.split(" was given")[0]),
    ).toEqual(["--cpu: NaN", '--memory: "1GB"', '--disk: "-5"']);
  });
});

describe("cost", { timeout: SLOW }, () => {
  it("counts a month, and what regions of the usual sizes leave", () => {
    const { code, stdout, stderr } = nexus(["cost", "--stack", "prod"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(OPERATIONS).toContain(`\`\`\`\n$ npm run -s cost -- --stack prod\n${stdout}\`\`\``);
    expect(stdout.split("\n")).toEqual([
      'Stack "prod", USD a month:',
      "                     slot  size                    cost    paid",
      "host and Nexus                                   200.00",
      "andromeda               1  8 CPUs, 16GB, 100GB    15.00   25.00",
      "lyra                    2  2 CPUs, 4GB, 20GB       6.40   25.00",
      "vega                    3  4 CPUs, 8.59GB, 50GB    9.54   25.00",
      "0 galactic citizens                                        0.00",
      "together                                         230.94   75.00",
      "loss                                                     155.94",
      "",
      "a region of          costs  leaves for the base  break even  the host holds  full, a month",
      "1 CPU, 2GB, 10GB      5.00                20.00          10              16         120.00",
      "2 CPUs, 3GB, 20GB     6.00                19.00          11              10         -10.00",
      "2 CPUs, 4GB, 20GB     6.40                18.60          11               8         -51.20",
      "4 CPUs, 6GB, 20GB     8.20                16.80          12               5        -116.00",
      "8 CPUs, 16GB, 100GB  15.00                10.00          20               2        -180.00",
      "",
    ]);
  });

  it("says how to get what is not known where no host is declared", () => {
    const { stdout } = nexus(["cost", "--stack", "dev"]);
    expect(stdout).toMatch(
      / \? +\?\n\?: what the host holds is known once Pulumi\.dev\.yaml declares it \(nexus:host\)/,
    );
  });

  it("adds what citizens pay", () => {
    const { stdout } = nexus(["cost", "--stack", "prod", "--citizens", "40", "--format", "yaml"]);
    expect(parse(stdout)).toMatchObject({
      citizens: 40,
      balance: { base: 20_000, subscriptions: 7500, citizens: 20_000, result: 4406 },
    });
  });

  it("refuses a number of citizens that cannot be", () => {
    const { code, stderr } = nexus(["cost", "--citizens", "-1"]);
    expect(code).toBe(2);
    expect(stderr).toContain('--citizens: "-1" was given; allowed is a whole number from 0 to 10000000.');
  });
});
