import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { type Container, containersOf, docker, execIn } from "../support/containers";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

/** Variables whose values are secrets, and those that are addresses with a password inside. */
const SECRET_VARIABLES =
  /^(ADMIN_PASSWORD|ARIA_ENCRYPTION_KEY|JWT_SECRET|NEXUS_REGISTRATION_KEY|REGION_TOKEN|STORAGE_TOKEN)=(.*)$/;
const URL_VARIABLES = /^(DATABASE_URL|REDIS_URL)=\w+:\/\/[^:]+:([^@]+)@/;
const SECRET_FILES = "cat /etc/nexus/*password /etc/nexus/pgpass 2>/dev/null; true";

engineSuite("secrets stay secret", (run) => {
  let project: Project;
  let containers: Container[];
  /** Real values, taken from inside the containers. */
  let secrets: string[];

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    containers = [...(await containersOf(project)).values()];
    const found = await Promise.all(containers.map(secretsOf));
    secrets = [...new Set(found.flat())];
  });

  async function secretsOf({ id, info }: Container): Promise<string[]> {
    const variables = info.Config.Env.flatMap((line) => {
      const value = SECRET_VARIABLES.exec(line)?.[2] ?? URL_VARIABLES.exec(line)?.[2];
      return value === undefined ? [] : [value];
    });
    const files = await execIn(id, ["sh", "-c", SECRET_FILES]);
    return [...variables, ...(files.match(/[A-Za-z0-9]{32,}/g) ?? [])];
  }

  /** Which of the secrets a text holds, by their place in the list: a failing test must not print them. */
  const found = (text: string): number[] =>
    secrets.flatMap((secret, index) => (text.includes(secret) ? [index] : []));

  it("are there, each for one purpose and region, long, of letters and digits", () => {
    // Nexus: 2 database, 2 Redis, admin, JWT, ARIA and registration key. Region: the same but that, storage, own token.
    expect(secrets).toHaveLength(8 + 2 * 9);
    for (const [index, secret] of secrets.entries()) {
      expect(secret.length, `secret ${index}`).toBeGreaterThanOrEqual(32);
      expect(/^[A-Za-z0-9_=-]+$/.test(secret), `secret ${index}`).toBe(true);
    }
  });

  it("are encrypted in the state and absent from outputs", async () => {
    const { text } = await project.state();
    expect(text).toContain("ciphertext");
    expect(found(text)).toEqual([]);
    const outputs = await project.cli(["pulumi", "stack", "output", "--json", "--stack", project.stack]);
    expect(outputs.code, outputs.output).toBe(0);
    expect(found(outputs.output)).toEqual([]);
  });

  it("are in no label, command, entrypoint, health check, name or driver option", async () => {
    const volumes = (await docker.listVolumes()).Volumes ?? [];
    const networks = await docker.listNetworks();
    expect(found(JSON.stringify([volumes, networks]))).toEqual([]);
    for (const { name, info } of containers) {
      const { Env: _, ...config } = info.Config;
      expect(found(JSON.stringify({ ...info, Config: config })), name).toEqual([]);
    }
  });

  it("are in no process's arguments and no log", async () => {
    for (const { name, id } of containers) {
      const processes = await docker.getContainer(id).top({ ps_args: "-eo pid,args" });
      expect(found(JSON.stringify(processes)), name).toEqual([]);
      const logs = await docker.getContainer(id).logs({ stdout: true, stderr: true });
      expect(found(logs.toString("utf8")), name).toEqual([]);
    }
  });

  it("are in no file that git would see, and the passphrase is for its owner alone", () => {
    const files = ["", "regions", "settings"].flatMap((folder) => filesIn(join(project.dir, folder)));
    for (const file of files) expect(found(readFileSync(file, "utf8")), file).toEqual([]);
    const passphrase = join(project.dir, ".nexus", `passphrase-${project.stack}`);
    expect(statSync(passphrase).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(project.dir, ".gitignore"), "utf8")).toMatch(/^\.nexus\/$/m);
  });

  function filesIn(folder: string): string[] {
    try {
      return readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(folder, name));
    } catch {
      return [];
    }
  }
});
