import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { STACK_LABEL } from "../../catalog/names";
import { run as runCommand } from "../support/command";
import { docker, expectedObjects, objectsOf } from "../support/containers";
import { ask } from "../support/http";
import { PLAYERS, Project, regionFile, succeeded } from "../support/project";
import { engineSuite } from "../support/suite";
import { noTerminal, onTerminal } from "../support/terminal";
import { eventually } from "../support/wait";

// One story: each run begins with what the killed one before it left.
engineSuite("`up` is killed", (run) => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make(run, "k", docker);
    project.addRegion(regionFile("alpha", 1));
  });
  afterAll(() => project?.remove(docker));

  /** Points of a run, told by what Docker holds and not by the clock: the same ones on any machine. */
  const points: { what: string; reached: () => Promise<boolean> }[] = [
    { what: "as soon as it holds the lock", reached: async () => locks().length > 0 },
    { what: "with the first network", reached: async () => (await objectsOf(project)).networks.length >= 1 },
    {
      what: "with the first containers",
      reached: async () => (await objectsOf(project)).containers.length >= 2,
    },
    { what: "with most containers", reached: async () => (await objectsOf(project)).containers.length >= 8 },
  ];

  /** In each phase of our own process, told by what runs and what Docker holds; `lines` are its processes' command lines. */
  const interrupts: {
    what: string;
    signal: NodeJS.Signals;
    reached: (lines: string[]) => Promise<boolean> | boolean;
  }[] = [
    {
      what: "as it asks for the state",
      signal: "SIGTERM",
      reached: (lines) => lines.some((line) => line.startsWith("pulumi stack ")),
    },
    { what: "as a container looks at the host", signal: "SIGINT", reached: async () => (await jobs()) > 0 },
    {
      what: "in its preview",
      signal: "SIGINT",
      reached: (lines) =>
        lines.some((line) => line.startsWith("pulumi preview ")) &&
        lines.some((line) => line.includes("run-policy-pack")),
    },
    {
      what: "as it makes a region",
      signal: "SIGTERM",
      reached: async () =>
        (await objectsOf(project)).containers.some((name) => name.startsWith("region-gamma-")),
    },
    { what: "in its verification", signal: "SIGINT", reached: afterUpdate() },
  ];

  it.each(points)("by SIGKILL, $what", async ({ what, reached }) => {
    await killUp(what, reached);
  });

  it("and the next one ends where an undisturbed one would have", async () => {
    const outcome = await project.up();
    expect(outcome.result).toBe("succeeded");
    await expectWhole(["alpha"]);
  });

  it.each(interrupts)(
    "by $signal $what: it ends by itself, without a lock, a process and a job",
    async ({ signal, reached }) => {
      project.addRegion(regionFile("gamma", 3));
      const running = project.startCli(["up", "--stack", project.stack, "--yes"]);
      await eventually("up gets there", async () => (await reached(running.lines())) || undefined, {
        pauseMs: 30,
      });
      running.interrupt(signal);
      const { code, output } = await running.outcome;
      // Where Pulumi ran, it ends with what that makes of it; elsewhere by the signal.
      expect([1, -1], output).toContain(code);
      await expectNothingLeft(running.lines, output);
    },
  );

  it.skipIf(noTerminal)("by Ctrl-C at its question", async () => {
    project.addRegion(regionFile("gamma", 3, { players: PLAYERS + 1 }));
    const at = { cwd: project.dir, env: project.env };
    const { code, text } = await onTerminal(["up", "--stack", project.stack], at, "Do it?", "\u0003");
    expect(code, text).toBe(128 + 2);
    await expectNothingLeft(() => [], text);
  });

  it("and the next one finishes that as well", async () => {
    // With a preview, whose state the change is held to: the one that was put right before it.
    succeeded(await project.cli(["up", "--stack", project.stack, "--yes"]));
    await expectWhole(["alpha", "gamma"]);
  });

  it("by SIGKILL while it adds a region, and the next one finishes that", async () => {
    project.addRegion(regionFile("beta", 2));
    const untouched = (await docker.listContainers()).filter(({ Names }) =>
      Names[0]?.startsWith(`/${project.prefix}`),
    );
    await killUp("with a container of the new region", async () =>
      (await objectsOf(project)).containers.some((name) => name.startsWith("region-beta-")),
    );
    await project.up();
    await expectWhole(["alpha", "beta", "gamma"]);
    const ids = new Set((await docker.listContainers()).map(({ Id }) => Id));
    expect(untouched.filter(({ Id }) => !ids.has(Id)).map(({ Names }) => Names[0])).toEqual([]);
  });

  it("by SIGKILL as it ends writing the state: the attributes beside it stay empty", async () => {
    const folder = join(project.dir, ".nexus/state/.pulumi");
    const attributes = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".attrs"))
      .map((name) => join(folder, name));
    expect(attributes.length).toBeGreaterThan(0);
    const env = await project.pulumiEnv();
    for (const file of attributes) writeFileSync(file, "");
    // Should pulumi get over it by itself one day, then ours can go.
    const options = { cwd: project.dir, env };
    const plain = await runCommand("pulumi", ["stack", "export", "--stack", project.stack], options);
    expect(plain.code).not.toBe(0);
    expect(plain.output).toContain("EOF");

    const verified = await project.cli(["verify", "--stack", project.stack]);
    expect(verified.code, verified.output).toBe(0);
    expect(await project.preview()).toEqual([]);
  });

  /** Starts an `up`, and kills it with all its children at a point. */
  async function killUp(what: string, reached: () => Promise<boolean>): Promise<void> {
    const running = project.startCli(project.upCommand);
    try {
      await eventually(`up gets to: ${what}`, async () => ((await reached()) ? true : undefined), {
        pauseMs: 30,
      });
    } finally {
      running.kill();
    }
    const { code, output } = await running.outcome;
    expect(code, `it must not have ended by itself:\n${output}`).toBe(-1);
  }

  async function expectNothingLeft(lines: () => string[], output: string): Promise<void> {
    expect(lines(), output).toEqual([]);
    expect(locks(), output).toEqual([]);
    expect(await jobs(), output).toBe(0);
  }

  /** How many containers look at the data root for a command; those of the stack have its prefix. */
  async function jobs(): Promise<number> {
    const all = await docker.listContainers({ all: true });
    const others = all.filter(({ Names }) => !Names[0]?.startsWith(`/${project.prefix}`));
    return others.filter(({ Mounts }) => Mounts.some(({ Source }) => Source?.startsWith(project.dataRoot)))
      .length;
  }

  /** Has an update been at work, and is it over? */
  function afterUpdate(): (lines: string[]) => boolean {
    let seen = false;
    return (lines) => {
      const isAtWork = lines.some((line) => line.startsWith("pulumi up "));
      seen ||= isAtWork;
      return seen && !isAtWork && lines.length > 0;
    };
  }

  function locks(): string[] {
    const folder = join(project.dir, ".nexus/state/.pulumi/locks");
    return existsSync(folder)
      ? readdirSync(folder, { recursive: true }).flatMap((name) =>
          String(name).endsWith(".json") ? [String(name)] : [],
        )
      : [];
  }

  /** Exactly what the files say: nothing missing, nothing left over, and nothing to do. */
  async function expectWhole(regions: string[]): Promise<void> {
    const expected = expectedObjects(regions);
    expect(await objectsOf(project)).toEqual(expected);
    const { deployment } = await project.state();
    expect(deployment.pending_operations ?? []).toEqual([]);

    const stackId = deployment.resources?.find(({ urn }) => urn.endsWith("::stack-id"))?.id;
    const labelled = (await docker.listContainers({ all: true })).filter(
      ({ Labels }) => Labels[STACK_LABEL] === stackId,
    );
    expect(labelled).toHaveLength(expected.containers.length);
    const inState = new Set(deployment.resources?.map(({ id }) => id));
    expect(labelled.filter(({ Id }) => !inState.has(Id)).map(({ Names }) => Names[0])).toEqual([]);

    for (const name of regions) {
      expect((await ask(project.url, `/api/v1/regions/${name}/status`)).status, name).toBe(200);
    }
    expect(await project.preview()).toEqual([]);
  }
});
