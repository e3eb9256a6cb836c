import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nexus } from "../../../support/nexus";
import { tempFolder } from "../../regions/tempFolder";

const GB_GIB = "1GB is 1,000,000,000 bytes, 1GiB is 1,073,741,824 bytes (1.074GB)";
const TOO_SMALL = "With less, a region's containers cannot start and serve.";
const SIZE_FORM =
  "Write a number, up to three decimals and a unit (MB, GB, TB, MiB, GiB, TiB), such as 4GB or 4.5GiB.";
const CPU = "a number of CPUs from 1 to 8";
const MEMORY = "a size from 2GB to 16GB";
const DISK = "a size from 10GB to 100GB";

/** What a command says in the project's folder, which is the user's home as well. */
function said(project: string, ...args: string[]): { code: number | null; lines: string[] } {
  const { code, stderr } = nexus([...args, "-C", project], { home: project });
  return { code, lines: stderr.trim().split("\n") };
}

/** Every file below a folder with its content. */
function contents(dir: string): [string, string][] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }): [string, string] => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), "utf8"),
    ]);
}

const PROJECT = { "Pulumi.yaml": "name: nexus\nruntime: nodejs\n" };

function region(name: string, slot: number, resources: string): Record<string, string> {
  const text = `name: ${name}\nslot: ${slot}\nowner: o\nresources:\n  ${resources}\n`;
  return { [`regions/x/${name}.yaml`]: text };
}

const WRONG: [resources: string, message: string][] = [
  [
    "cpu: -2",
    `5:8: resources.cpu: -2 was given; allowed is ${CPU}. ${TOO_SMALL} Choose a number in that range.`,
  ],
  [
    "cpu: 0",
    `5:8: resources.cpu: 0 was given; allowed is ${CPU}. ${TOO_SMALL} Choose a number in that range.`,
  ],
  [
    "cpu: 0.5",
    `5:8: resources.cpu: 0.5 was given; allowed is ${CPU}. ${TOO_SMALL} Choose a number in that range.`,
  ],
  ["cpu: 64", `5:8: resources.cpu: 64 was given; allowed is ${CPU}. Choose a number in that range.`],
  [
    "cpu: .nan",
    `5:8: resources.cpu: NaN was given; allowed is ${CPU}. Write a number without a unit, such as 2 or 1.5.`,
  ],
  [
    "cpu: .inf",
    `5:8: resources.cpu: Infinity was given; allowed is ${CPU}. Write a number without a unit, such as 2 or 1.5.`,
  ],
  ["memory: -4GB", `5:11: resources.memory: "-4GB" was given; allowed is ${MEMORY}. ${SIZE_FORM}`],
  [
    "memory: -4",
    `5:11: resources.memory: -4 was given; allowed is ${MEMORY}. Write the unit as well, such as 2GB.`,
  ],
  [
    "memory: .nan",
    `5:11: resources.memory: NaN was given; allowed is ${MEMORY}. Write the unit as well, such as 2GB.`,
  ],
  ["memory: NaNGB", `5:11: resources.memory: "NaNGB" was given; allowed is ${MEMORY}. ${SIZE_FORM}`],
  [
    "memory: 0GB",
    `5:11: resources.memory: "0GB" was given; allowed is ${MEMORY}. ${TOO_SMALL} Choose a size in that range; ${GB_GIB}.`,
  ],
  [
    "memory: 1 GiB",
    `5:11: resources.memory: "1 GiB" was given; allowed is ${MEMORY}. ${TOO_SMALL} Choose a size in that range; ${GB_GIB}.`,
  ],
  [
    "memory: 16GiB",
    `5:11: resources.memory: "16GiB" was given; allowed is ${MEMORY}. Choose a size in that range; ${GB_GIB}.`,
  ],
  [
    "memory: 4gb",
    '5:11: resources.memory: "4gb" was given; allowed is a size in MB, GB, TB, MiB, GiB, TiB. Did you mean "GB"?',
  ],
  ["disk: 0", `5:9: resources.disk: 0 was given; allowed is ${DISK}. Write the unit as well, such as 10GB.`],
  [
    "disk: 1TB",
    `5:9: resources.disk: "1TB" was given; allowed is ${DISK}. Choose a size in that range; ${GB_GIB}.`,
  ],
];

/** Every command is a Node process of its own that compiles the program. */
const SLOW = 60_000;

describe("limits that cannot be", { timeout: SLOW }, () => {
  it("are one message each, with exit code 2 and nothing changed; 4GB and 4 GiB both can be", () => {
    const files = WRONG.map(([resources], index) => region(`wrong-${index + 10}`, index + 10, resources));
    const fine = [region("gigabytes", 1, "memory: 4GB"), region("gibibytes", 2, "memory: 4 GiB")];
    const settings = { "Pulumi.x.yaml": "config:\n  nexus:images: local\n  nexus:environment: staging\n" };
    const project = tempFolder(Object.assign({ ...PROJECT }, settings, ...files, ...fine));
    const before = contents(project);
    for (const command of [["preview"], ["up", "--yes"]]) {
      const { code, lines } = said(project, ...command, "--stack", "x");
      expect(code).toBe(2);
      expect(lines).toEqual([
        `${WRONG.length} problems in the configuration; nothing was changed.`,
        ...WRONG.map(([, message], index) => `regions/x/wrong-${index + 10}.yaml:${message}`),
      ]);
    }
    expect(contents(project)).toEqual(before);
  });

  it("beyond the declared host: by how much, where, which came last, and nothing changed", () => {
    const project = tempFolder({
      ...PROJECT,
      "Pulumi.x.yaml": [
        "config:",
        "  nexus:images: local",
        "  nexus:environment: staging",
        "  nexus:profile: laptop",
        "  nexus:host:",
        "    cpu: 8",
        "    memory: 16GB",
        "    disk: 100GB",
        "",
      ].join("\n"),
      // By name they come in another order than by slot.
      ...region("zenith", 1, "memory: 8GB"),
      ...region("aurora", 3, "memory: 4GB"),
      ...region("borealis", 2, "memory: 4GB"),
    });
    const before = contents(project);
    for (const command of [["preview"], ["up", "--yes"]]) {
      const { code, lines } = said(project, ...command, "--stack", "x");
      expect(code).toBe(2);
      expect(lines).toEqual([
        "1 problem in the configuration; nothing was changed.",
        "Pulumi.x.yaml:6:10: nexus:host.cpu: cpu: 3 regions that add up to 6 CPUs were given; allowed is 4.4 CPUs, exceeded by 1.6 CPUs: " +
          "nexus:host has 8 CPUs, less 1 CPU for the system (nexus:admission.reserve.cpu), less 2.6 CPUs for the Central Nexus. " +
          "memory: 3 regions that add up to 16GB were given; allowed is 12.81GB, exceeded by 3.19GB: " +
          "nexus:host has 16GB, less 1GB for the system (nexus:admission.reserve.memory), less 2.19GB for the Central Nexus. " +
          "For the rest to fit, the last by slot would have to go: regions/x/aurora.yaml (slot 3). " +
          "Make regions smaller, remove some, or use a larger host; `npm run capacity` says how many fit.",
      ]);
    }
    expect(contents(project)).toEqual(before);
  });
});
