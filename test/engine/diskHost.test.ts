import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { localRefs } from "../../images/recipes";
import { docker, objectsOf } from "../support/containers";
import { Project, regionFile } from "../support/project";
import { Registry } from "../support/registry";
import { engineSuite } from "../support/suite";
import { REPOSITORY } from "../support/toolchain";

const isRoot = process.platform === "linux" && process.getuid?.() === 0;

// Nothing is brought up: a host is refused, or taken as it is, before anything changes.
engineSuite("a host that cannot keep disk limits", (run) => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make(run, "dh", docker);
    project.addRegion(regionFile("delta", 12));
    if (!isRoot) return;
    // Admission looks at its size. A mount that containers do not share, as all are on a host without systemd.
    const folder = `${run.root}/${project.letter}/private`;
    mkdirSync(folder);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=900g", "private", folder]);
    execFileSync("mount", ["--make-private", folder]);
    project.settings["nexus:dataRoot"] = `${folder}/data`;
  });
  afterAll(() => project?.remove(docker));

  const why = `${isRoot ? "" : " [skipped, missing: root on Linux]"}`;
  const said = /disk limit not enforced on host unix:\/\/\S+: mounts of \S+ are not shared with containers/;

  it.skipIf(!isRoot)(`is refused where limits are required, by preview and by up${why}`, async () => {
    project.writeSettings({ "nexus:diskLimit": "require" });
    const preview = await project.cli(["preview", "--stack", project.stack]);
    expect(preview.code).toBe(1);
    expect(preview.output).toMatch(said);
    const up = await project.cli(project.upCommand);
    expect(up.code).toBe(2);
    expect(up.output).toMatch(said);
    expect(await objectsOf(project)).toEqual({ containers: [], networks: [], volumes: [] });
  });

  const noRegistry = isRoot ? Registry.missing(run) : "root on Linux";
  const skipped = noRegistry ? ` [skipped, missing: ${noRegistry}]` : "";
  it.skipIf(noRegistry)(
    `is refused on a first \`up\`, for which the image to try it with is fetched${skipped}`,
    async () => {
      const registry = await Registry.start(run, { name: "disk-registry" });
      onTestFinished(() => registry.stop());
      const digest = await registry.push(docker, localRefs(REPOSITORY).disk, "sectorwars/disk:1.0.0");
      const ref = `${registry.address}/sectorwars/disk:1.0.0@${digest}`;
      project.writeSettings({ "nexus:diskLimit": "require", "nexus:imageOverrides": { disk: { ref } } });
      const first = `\`up\` first fetches 1 image that the Docker host does not have: ${ref}`;
      const preview = await project.cli(["preview", "--stack", project.stack]);
      expect(preview.output).toContain(first);
      expect(preview.output).not.toContain(`Fetching`);

      const up = await project.cli(project.upCommand);
      onTestFinished(() => docker.getImage(ref).remove());
      expect(up.code, up.output).toBe(2);
      expect(up.output).toContain(`fetched ${ref}`);
      expect(up.output).toMatch(said);
      expect(await objectsOf(project)).toEqual({ containers: [], networks: [], volumes: [] });
    },
  );

  it.skipIf(!isRoot)(`is taken where that is accepted, and the preview says so${why}`, async () => {
    project.writeSettings({ "nexus:diskLimit": "accept" });
    const { code, output } = await project.cli(["preview", "--stack", project.stack]);
    expect(code).toBe(0);
    expect(output).toMatch(said);
    expect(output).not.toContain("disk-keeper");
  });
});
