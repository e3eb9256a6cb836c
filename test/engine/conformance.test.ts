import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type ArgumentRow,
  CONTAINER_ARGUMENTS,
  type Effect,
  NETWORK_ARGUMENTS,
  REPLACE_ON_CHANGES,
  VOLUME_ARGUMENTS,
} from "../../components/arguments";
import { localRefs } from "../../images/recipes";
import { BareProgram, type BareResource, type Reported } from "../support/bareProgram";
import { containerProbes, plainContainer } from "../support/containerProbes";
import { docker } from "../support/containers";
import { NO_SUCH_DRIVER, networkProbes, type Probe, type ProbeWorld, volumeProbes } from "../support/probes";
import { NAME_START } from "../support/run";
import { type Seen, seen } from "../support/seen";
import { freePorts, freeRanges } from "../support/space";
import { engineSuite } from "../support/suite";
import { removeRemains } from "../support/sweep";
import { REPOSITORY } from "../support/toolchain";

const TABLES = {
  Container: CONTAINER_ARGUMENTS,
  Network: NETWORK_ARGUMENTS,
  Volume: VOLUME_ARGUMENTS,
} as const satisfies Record<BareResource["kind"], Record<string, ArgumentRow>>;
type Kind = keyof typeof TABLES;

/** An argument, its two values, and what was seen of the object with each. */
interface Case {
  kind: Kind;
  argument: string;
  /** The argument, and which part of it changes. */
  label: string;
  probe: Probe<unknown>;
  names: { before: string; after: string };
  before?: Seen;
  after?: Seen;
}

engineSuite("the table of arguments", (run) => {
  const prefix = `${NAME_START}${run.id}cf-`;
  let cases: Case[] = [];
  let reported: Reported;
  let program: BareProgram;
  let world: ProbeWorld;

  beforeAll(async () => {
    world = await makeWorld();
    program = await BareProgram.make(run, "cf");
    cases = [
      ...casesOf("Container", containerProbes(world)),
      ...casesOf("Network", networkProbes(world)),
      ...casesOf("Volume", volumeProbes(world)),
    ];
    const made = await program.up(resources("before"));
    expect(made.code, made.output).toBe(0);
    for (const one of cases) one.before = await seen(one.kind, one.names.before);
    reported = await program.up(resources("after"));
    for (const one of cases)
      one.after = (await seen(one.kind, one.names.after)) ?? (await seen(one.kind, one.names.before));
  });
  afterAll(() => removeRemains(docker, { start: prefix, root: join(run.root, "cf") }, `NXT=${prefix}`));

  async function makeWorld(): Promise<ProbeWorld> {
    const refs = localRefs(REPOSITORY);
    const folders = ["a", "b"].map((name) => join(run.root, "cf", name));
    for (const folder of folders) mkdirSync(folder, { recursive: true });
    const [one = 0, two = 0, three = 0] = await freePorts(3);
    const { regions } = await freeRanges(docker);
    return {
      prefix,
      image: refs.redis,
      otherImage: refs.nginx,
      folders: [folders[0] ?? "", folders[1] ?? ""],
      network: `${prefix}plain`,
      volume: `${prefix}plain`,
      ports: [one, two, three],
      range: regions.split(".").slice(0, 2).join("."),
    };
  }

  function casesOf<Info>(kind: Kind, probes: Record<string, Probe<Info> | Probe<Info>[]>): Case[] {
    return Object.entries(probes).flatMap(([argument, some]) =>
      [some].flat().map((probe) => {
        const label = probe.part === undefined ? argument : `${argument}.${probe.part}`;
        const nameIn = (value: unknown): string =>
          argument === "name" ? String(value) : `${prefix}${kind}-${label}`;
        const names = { before: nameIn(probe.before), after: nameIn(probe.after) };
        return { kind, argument, label, probe: probe as Probe<unknown>, names };
      }),
    );
  }

  function resources(when: "before" | "after"): BareResource[] {
    let third = 0;
    const range = (): object => {
      third += 1;
      return {
        ipamConfigs: [{ subnet: `${world.range}.${third}.0/24`, gateway: `${world.range}.${third}.1` }],
      };
    };
    const shared: BareResource[] = [
      { kind: "Network", name: "plain-network", args: { name: world.network, ...range() } },
      { kind: "Volume", name: "plain-volume", args: { name: world.volume } },
    ];
    const usual: Record<Kind, () => object> = {
      Container: () => plainContainer(world),
      Network: range,
      Volume: () => ({}),
    };
    const after = shared.map(({ name }) => name);
    return [
      ...shared,
      ...cases.map(({ kind, argument, label, probe, names }) => ({
        kind,
        name: `${kind}.${label}`,
        args: { ...usual[kind](), name: names[when], ...probe.with, [argument]: probe[when] },
        after: kind === "Container" ? after : [],
      })),
      ...remedied().map(({ kind, label, argument, probe }) => ({
        kind,
        name: remediedName(label),
        args: {
          ...plainContainer(world),
          name: `${prefix}${remediedName(label)}`,
          ...probe.with,
          [argument]: probe[when],
        },
        opts: { replaceOnChanges: REPLACE_ON_CHANGES },
        after,
      })),
    ];
  }

  const remediedName = (label: string): string => `remedied-${label}`;

  /** What the provider ignores and we have replaced. */
  function remedied(): Case[] {
    return cases.filter(
      ({ kind, argument }) => kind === "Container" && REPLACE_ON_CHANGES.includes(argument),
    );
  }

  it.each(["Container", "Network", "Volume"] as const)("is right about every argument of a %s", (kind) => {
    const table: Record<string, ArgumentRow> = TABLES[kind];
    const ofKind = cases.filter((one) => one.kind === kind);
    expect([...new Set(ofKind.map(({ argument }) => argument))].sort()).toEqual(Object.keys(table).sort());
    const seen = ofKind.map((one) => [
      one.label,
      `${effectOf(one)}, reported: ${reported.done.get(`${kind}.${one.label}`)}`,
    ]);
    const expected = ofKind.map(({ argument, label }) => {
      const effect = table[argument]?.provider;
      return [label, `${effect}, reported: ${effect === "replaces" ? "replace" : "update"}`];
    });
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
  });

  it("what the provider ignores and no hook does is replaced by our option", async () => {
    const covered = new Set(remedied().map(({ argument }) => argument));
    expect([...covered].sort()).toEqual(REPLACE_ON_CHANGES.filter((name) => !name.startsWith("#")).sort());
    for (const { label, probe } of remedied()) {
      const info = await docker.getContainer(`${prefix}${remediedName(label)}`).inspect();
      expect(probe.look?.(info), label).toEqual(probe.wanted);
      expect(reported.done.get(remediedName(label)), label).toBe("replace");
    }
  });

  it("touches nothing else, and fails only where it is given no such driver", () => {
    const asked = [
      ...cases.map(({ kind, label }) => `${kind}.${label}`),
      ...remedied().map(({ label }) => remediedName(label)),
      "bare-bare",
    ];
    expect([...reported.done.keys()].filter((name) => !asked.includes(name))).toEqual([]);
    const failed = [...reported.output.matchAll(/Unable to create (\w+): .*/g)].map(([text]) => text);
    for (const text of failed) expect(text).toContain(NO_SUCH_DRIVER);
    expect(new Set(failed.map((text) => text.split(/[ :]+/)[3]))).toEqual(new Set(["network", "volume"]));
  });
});

/** What really happened to an object when its argument was changed. */
function effectOf({ probe, before, after }: Case): Effect | string {
  if (!before) return "was never made";
  if (!after) return "replaces";
  const asWanted = probe.look && isDeepStrictEqual(probe.look(after.info), probe.wanted);
  if (probe.look && isDeepStrictEqual(probe.look(before.info), probe.wanted)) return "was like that before";
  if (before.identity !== after.identity) return asWanted ? "replaces" : "replaces, without the change";
  if (before.startedAt !== after.startedAt) return "restarts";
  if (asWanted) return "in-place";
  if (!isDeepStrictEqual(before.settings, after.settings)) return "changes something else";
  return probe.look ? "ignored" : "bookkeeping";
}
