import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { docker, objectsOf } from "../support/containers";
import { Project } from "../support/project";
import { engineSuite } from "../support/suite";
import { REPOSITORY } from "../support/toolchain";

const POLICY = "no-container-above-one-cpu";
const PACK = `
import { PolicyPack } from "@pulumi/policy";
new PolicyPack("test-pack", {
  policies: [{
    name: "${POLICY}",
    description: "Refuses what every stack of this program has, to see whether anybody asks.",
    enforcementLevel: "mandatory",
    validateResource: (args, report) => {
      if (args.type === "docker:index/container:Container" && args.props.name.endsWith("nginx-gateway")) {
        report("the gateway " + args.props.name + " is refused");
      }
    },
  }],
});
`;

engineSuite("previews of a project that nothing was made of", (run) => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make(run, "p", docker);
  });
  afterAll(() => project?.remove(docker));

  it("`preview --stack prod` works without a backend, an image registry or the production host", async () => {
    const outcome = await project.cli(["preview", "--stack", "prod", "--json"], {
      env: { ...project.env, DOCKER_HOST: "unix:///nonexistent/docker.sock" },
    });
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

  it("a mandatory policy in policies/ fails `preview` and `up`, is named, and nothing is made", async () => {
    const pack = join(project.dir, "policies");
    rmSync(pack, { recursive: true, force: true });
    mkdirSync(pack);
    writeFileSync(
      join(pack, "PulumiPolicy.yaml"),
      "runtime: nodejs\nmain: index.ts\ndescription: for a test\n",
    );
    writeFileSync(join(pack, "package.json"), '{"name": "test-pack", "version": "0.0.1"}');
    writeFileSync(join(pack, "index.ts"), PACK);
    symlinkSync(join(REPOSITORY, "node_modules"), join(pack, "node_modules"));
    for (const command of [["preview"], ["up", "--yes"]]) {
      const outcome = await project.cli([...command, "--stack", project.stack]);
      expect(outcome.code, outcome.output).toBe(1);
      expect(outcome.output).toContain(POLICY);
      expect(outcome.output).toContain(`the gateway ${project.prefix}nginx-gateway is refused`);
      expect(await objectsOf(project)).toEqual({ containers: [], networks: [], volumes: [] });
    }
  });
});
