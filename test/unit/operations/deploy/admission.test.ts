import { describe, expect, it } from "vitest";
import { NEXUS } from "../../../../catalog/names";
import { GB } from "../../../../config/units";
import { checkAdmission } from "../../../../operations/deploy/preflight/admission";
import { type HostSize, parseDf } from "../../../../operations/deploy/preflight/hostSize";
import { promises } from "../../../../operations/deploy/preflight/otherStacks";
import type { Platform } from "../../../../platform";
import { region } from "../../../support/platform";
import { parseSettings } from "../../../support/settings";

const HOST: HostSize = { cpuMillis: 4000, memoryBytes: 8 * GB, diskBytes: 58 * GB };

const PRODUCTION = { "nexus:environment": "production" };
const STAGING = { "nexus:environment": "staging" };

/** Small regions on a laptop: each takes 1 CPU, 2 GB and 10 GB; the Nexus 2.6 CPU, 2.19 GB and 10 GB. */
function check(slots: number[], measured: HostSize, more: Record<string, unknown> = {}) {
  const settings = parseSettings("x", {
    "nexus:profile": "laptop",
    "nexus:admission": { cpuOvercommit: 3, reserve: { memory: "500MB" } },
    ...more,
  });
  const regions = slots.map((slot) => region(`region-${slot}`, slot));
  return checkAdmission({ settings, regions } as Platform, measured);
}

describe("checkAdmission", () => {
  it("admits what the measured host can keep", () => {
    expect(check([1, 2], HOST)).toEqual({ problems: [], notes: [] });
  });

  it("says for each resource by how much, and which regions came last", () => {
    const { problems } = check([3, 1, 2], HOST);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toBe(
      "memory: 3 regions that add up to 6GB were given; allowed is 5.31GB, exceeded by 0.69GB: " +
        "the Docker host has 8GB, less 0.5GB for the system (nexus:admission.reserve.memory), less 2.19GB for the Central Nexus. " +
        "disk: 3 regions that add up to 30GB were given; allowed is 28GB, exceeded by 2GB: " +
        "the Docker host has 58GB, less 20GB for the system (nexus:admission.reserve.disk), less 10GB for the Central Nexus. " +
        "For the rest to fit, the last by slot would have to go: regions/x/region-3.yaml (slot 3). " +
        "Make regions smaller, remove some, or use a larger host; `npm run capacity` says how many fit.",
    );
  });

  it("multiplies CPU and says so, and names few of many regions", () => {
    const slots = Array.from({ length: 30 }, (_, index) => index + 1);
    const [problem] = check(slots, { ...HOST, memoryBytes: 100 * GB, diskBytes: 1000 * GB }).problems;
    expect(problem?.message).toContain(
      "cpu: 30 regions that add up to 30 CPUs were given; allowed is 6.4 CPUs, exceeded by 23.6 CPUs: the Docker host has 4 CPUs, " +
        "less 1 CPU for the system (nexus:admission.reserve.cpu), times 3 (nexus:admission.cpuOvercommit), less 2.6 CPUs for the Central Nexus.",
    );
    expect(problem?.message).toContain("regions/x/region-14.yaml (slot 14) and 16 more.");
  });

  it("says when even the Nexus does not fit", () => {
    const [problem] = check([1], { ...HOST, memoryBytes: 2 * GB }).problems;
    expect(problem?.message).toMatch(/^memory: the Central Nexus alone takes 0\.69GB more than there is: /);
    expect(problem?.message).toMatch(/Use a larger host, or the smaller nexus:profile\.$/);
  });

  it("goes by the rest where the disk was not measured, and says so", () => {
    const { diskBytes: _, ...unmeasured } = HOST;
    const { problems, notes } = check([1, 2], { ...unmeasured, diskProblem: "no image" });
    expect(problems).toEqual([]);
    expect(notes).toEqual([
      "the disk of the Docker host was not measured (no image), so nothing was compared with it.",
    ]);
  });

  it("leaves other stacks what they were promised, and names them with it", () => {
    const others = [
      { name: "the stack with nexus:namePrefix a-", cpuMillis: 5400, memoryBytes: 2 * GB },
      { name: "the stack b", cpuMillis: 0, memoryBytes: 0.5 * GB },
    ];
    const host = { ...HOST, otherStacks: others };
    expect(check([1], host, PRODUCTION)).toEqual({ problems: [], notes: [] });
    const [problem] = check([1, 2], host, PRODUCTION).problems;
    expect(problem?.message).toContain(
      "cpu: 2 regions that add up to 2 CPUs were given; allowed is 1 CPU, exceeded by 1 CPU: ",
    );
    expect(problem?.message).toContain(
      "memory: 2 regions that add up to 4GB were given; allowed is 2.81GB, exceeded by 1.19GB: the Docker host has 8GB, " +
        "less 0.5GB for the system (nexus:admission.reserve.memory), less 2.19GB for the Central Nexus, " +
        "less 2GB for the stack with nexus:namePrefix a-, less 0.5GB for the stack b. ",
    );
    // The disk is not known of them.
    expect(problem?.message).not.toContain("disk:");
    // On a declared host, the operator has counted them already.
    const declared = { "nexus:host": { cpu: 4, memory: "8GB", disk: "58GB" } };
    expect(check([1, 2], host, { ...PRODUCTION, ...declared })).toEqual({ problems: [], notes: [] });
    // A developer's machine is shared on purpose.
    expect(check([1, 2], host, STAGING)).toEqual({
      problems: [],
      notes: [
        "with its other stacks, the Docker host promises more than it has. In production this would be refused: " +
          problem?.message,
      ],
    });
  });

  it("adds up the smaller ones of many stacks, and says when nothing is left beside them", () => {
    const others = [4, 1, 1, 1, 1].map((size, index) => ({
      name: `stack ${index}`,
      cpuMillis: 0,
      memoryBytes: size * GB,
    }));
    const [problem] = check([1], { ...HOST, otherStacks: others }, PRODUCTION).problems;
    expect(problem?.message).toMatch(
      /^memory: the Central Nexus and the other stacks take 2\.69GB more than there is: .*less 1GB for stack 2, less 2GB for 2 other stacks\. /,
    );
    expect(problem?.message).toMatch(/or take another stack down\.$/);
  });

  it("holds a declared host against the measured one", () => {
    const declared = (cpu: number, memory: string) => ({ "nexus:host": { cpu, memory, disk: "58GB" } });
    // What it declares counts: these regions are compared with it where the files are read.
    expect(check([1, 2, 3], HOST, declared(4, "8GB")).problems).toEqual([]);
    expect(check([1], HOST, declared(4.01, "8.001GB")).problems).toEqual([
      {
        setting: "nexus:host.cpu",
        message:
          "4.01 CPUs was given; allowed is what the Docker host has, 4 CPUs. Correct it, or leave nexus:host out to count with what is there.",
      },
      {
        setting: "nexus:host.memory",
        message:
          "8.01GB was given; allowed is what the Docker host has, 8GB. Correct it, or leave nexus:host out to count with what is there.",
      },
    ]);
  });
});

describe("what other stacks were promised", () => {
  const container = (
    stack: string,
    name: string,
    role: string,
    memoryBytes: number | null,
    cpuMillis = 500,
  ) => ({
    ...{ stack, name, role, limits: { cpuMillis, memoryBytes } },
    region: name.includes("region-") ? "aurora" : NEXUS,
  });

  it("is the sum of their containers' limits, the largest first, under a name that a person knows", () => {
    expect(
      promises([
        container("id-1", "a-region-aurora-db", "db", GB),
        container("id-1", "a-central-nexus-db", "db", GB),
        container("id-2", "central-nexus-server", "server", 3 * GB, 100.4),
        container("id-3", "half-a-region-aurora-db", "db", 1),
      ]),
    ).toEqual([
      { name: "the stack without a nexus:namePrefix", cpuMillis: 100, memoryBytes: 3 * GB },
      { name: "the stack with nexus:namePrefix a-", cpuMillis: 1000, memoryBytes: 2 * GB },
      { name: "the stack id-3", cpuMillis: 500, memoryBytes: 1 },
    ]);
  });

  it("is nothing where there are no limits, as of short-lived jobs", () => {
    expect(promises([container("id-1", "job", "prepare", null, 0)])).toEqual([]);
    expect(promises([])).toEqual([]);
  });
});

describe("parseDf", () => {
  it("counts what is used and what an ordinary user may still use", () => {
    const printed = [
      "Filesystem     1024-blocks     Used Available Capacity Mounted on\r",
      "/dev/vda         264212084 13299568  82201696      14% /host\r",
    ].join("\n");
    expect(parseDf(printed)).toEqual({
      diskBytes: (13_299_568 + 82_201_696) * 1024,
      freeDiskBytes: 82_201_696 * 1024,
    });
  });

  it.each(["", "df: /host: No such file", "x 1 2 3 4% /other"])("refuses %j", (printed) => {
    expect(() => parseDf(printed)).toThrow("df printed");
  });
});
