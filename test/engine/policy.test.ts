import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { renderLock } from "../../images/lockFile";
import type { Violation } from "../../operations/deploy/pulumi/violations";
import { docker, objectsOf } from "../support/containers";
import { refsToPin } from "../support/pins";
import { Project, regionFile } from "../support/project";
import { engineSuite } from "../support/suite";

/** What makes a bad platform of a good one: a file, what stands in it, what takes its place. */
type Change = [file: string, from: string, to: string];

/** Breaks one rule each; the policy that must notice comes last. */
const BROKEN: [...Change, policy: string][] = [
  ["catalog/names.ts", 'securityOpts: ["no-new-privileges:true"],', "securityOpts: [],", "hardening"],
  [
    "components/container.ts",
    "internal, external, ip, protocol",
    "internal, external, protocol",
    "published-ports",
  ],
  [
    "components/container.ts",
    "init: args.init ?? false,",
    'init: false,\n    ...({ dns: ["10.0.0.1"] } as object),',
    "known-arguments",
  ],
  ["components/container.ts", "containerPath: data.path", 'containerPath: "/elsewhere"', "own-volumes"],
  ["components/container.ts", "destroyGraceSeconds: desired.stopGraceSeconds,", "", "stop-grace"],
  [
    "components/volumes.ts",
    "{ name: config, driver",
    '{ name: config.replace(/config$/, "data"), driver',
    "data-volumes",
  ],
  [
    "components/region.ts",
    "STORAGE_URL: files.url,",
    'STORAGE_URL: files.url,\n      SMTP_PASSWORD: "hunter2",',
    "secret-literals",
  ],
  [
    "components/region.ts",
    'desired: service("db"), access,',
    'desired: { ...service("db"), limits: { ...service("db").limits, cpuMillis: 900 } }, access,',
    "region-sum",
  ],
];

engineSuite("previews of a project that nothing was made of", (run) => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make(run, "p", docker);
  });
  afterAll(() => project?.remove(docker));

  it("`preview --stack prod` works without a backend, an image registry or the production host", async () => {
    const env = { ...project.env, DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    const unpinned = await project.cli(["preview", "--stack", "prod", "--json"], { env });
    expect(unpinned.code, unpinned.output).toBe(1);
    const { violations } = JSON.parse(unpinned.stdout) as { violations: Violation[] };
    const refused = violations.filter(({ level }) => level === "mandatory");
    expect(new Set(refused.map(({ policy }) => policy))).toEqual(new Set(["pinned-images"]));
    for (const { message } of refused) expect(message).toContain("npm run images:pin");

    const digests = refsToPin(project.dir).map((ref) => [ref, `sha256:${"0".repeat(64)}`]);
    writeFileSync(join(project.dir, "images/lock.json"), renderLock(Object.fromEntries(digests)));
    const host = await listener(join(project.dir, "..", "docker.sock"));
    const outcome = await project
      .cli(["preview", "--stack", "prod", "--no-host", "--json"], {
        env: { ...env, DOCKER_HOST: host.address },
      })
      .finally(host.close);
    expect(host.asked(), "connections to the Docker host").toBe(0);
    expect(outcome.code, outcome.output).toBe(0);
    const { changeSummary } = JSON.parse(outcome.stdout) as { changeSummary: Record<string, number> };
    expect(Object.keys(changeSummary)).toEqual(["create"]);
    expect(outcome.stderr).toContain("throw-away state");
    expect(project.hasState()).toBe(false);
  });

  it("`up --stack prod` refuses to guess where its state is", async () => {
    const outcome = await project.cli(["up", "--stack", "prod", "--yes"]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("PULUMI_BACKEND_URL");
    expect(project.hasState()).toBe(false);
  });

  it("lets the platform pass, and says what only `up` can judge", async () => {
    project.addRegion(regionFile("aurora", 1));
    const outcome = await project.cli(["preview", "--stack", project.stack]);
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.output).not.toContain("[mandatory]");
    const notes = [...outcome.output.matchAll(/\[advisory\] +(\S+) +\(\S+ (\S+)\)/g)].map(([, ...of]) =>
      of.join(" of "),
    );
    expect(notes.sort()).toEqual([
      `host-sum of nexus-${project.stack}`,
      ...["nexus-server", "region-aurora-server", "region-aurora-worker"].map(
        (name) => `secret-literals of ${name}`,
      ),
    ]);
  });

  it("refuses a bad one with all that is wrong in one preview, and nothing is made", async () => {
    for (const [file, from, to] of BROKEN) edit(project, [file, from, to]);
    const said: string[][] = [];
    for (const command of [["preview"], ["up", "--yes"]]) {
      const outcome = await project.cli([...command, "--stack", project.stack]);
      expect(outcome.code, outcome.output).toBe(1);
      const refused = [...outcome.output.matchAll(/\[mandatory\] +(\S+)/g)].map(([, name]) => name);
      expect([...new Set(refused)].sort()).toEqual(BROKEN.map(([, , , policy]) => policy).sort());
      // What policies see is not marked as secret: they must not repeat it.
      expect(outcome.output).not.toContain("hunter2");
      expect(await objectsOf(project)).toEqual({ containers: [], networks: [], volumes: [] });
      said.push(policyWords(outcome.output));
    }
    // Ours run a build of the pack; by hand it is started from its sources.
    const { stack } = project;
    const byHand = await project.pulumi(
      ...["preview", "--stack", stack, "--policy-pack", "policies"],
      ...["--non-interactive", "--color", "never"],
    );
    expect(byHand.code, byHand.output).not.toBe(0);
    expect(byHand.output).toContain("(local: policies)");
    for (const words of said) expect(words).toEqual(policyWords(byHand.output));
  });

  it("judges during `up` what the preview could not know, before it makes the container", async () => {
    project.removeRegion("aurora");
    edit(project, ["components/nexus.ts", "JWT_SECRET: secrets", "GREETING: secrets"]);
    const preview = await project.cli(["preview", "--stack", project.stack]);
    expect(preview.code, preview.output).toBe(0);

    const outcome = await project.cli(["up", "--stack", project.stack, "--yes"]);
    expect(outcome.code, outcome.output).toBe(1);
    expect(outcome.output).toMatch(/\[mandatory\] +secret-literals +\(\S+ nexus-server\)/);
    const { containers } = await objectsOf(project);
    expect(containers).toContain("central-nexus-db");
    expect(containers).not.toContain("central-nexus-server");
  });
});

/** All that policies said in an output of Pulumi, in no order; not where their pack is. */
function policyWords(output: string): string[] {
  const [, words = ""] = /^Policies:\n([\s\S]*?)\n\n/m.exec(output) ?? [];
  const lines = words.split("\n").filter((line) => !line.includes("(local: "));
  expect(lines.length, output).toBeGreaterThan(BROKEN.length);
  return lines.sort();
}

/** Changes the project's copy of a file; the end of the test puts it back. */
function edit(project: Project, [file, from, to]: Change): void {
  const path = join(project.dir, file);
  const text = readFileSync(path, "utf8");
  expect(text, file).toContain(from);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  onTestFinished(() => writeFileSync(path, text));
}

/** Something in the place of an Engine, which only counts who asks. */
async function listener(socket: string): Promise<{ address: string; asked(): number; close(): void }> {
  let asked = 0;
  const server = createServer((connection) => {
    asked += 1;
    connection.destroy();
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { address: `unix://${socket}`, asked: () => asked, close: () => server.close() };
}
