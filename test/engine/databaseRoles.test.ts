import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONFIG_PATH } from "../../catalog/names";
import { pgHba, startScript } from "../../components/postgres/files";
import { rolePassword } from "../../components/postgres/roles";
import { putFiles } from "../../components/putFiles";
import type { AreaImpact } from "../../operations/deploy/impact/impact";
import { type Deployment, nameOf } from "../../operations/deploy/pulumi/deployment";
import {
  areReady,
  containerOf,
  containersOf,
  docker,
  execIn,
  identities,
  NEXUS,
} from "../support/containers";
import { type Project, succeeded } from "../support/project";
import { psql } from "../support/services";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const ALPHA = {
  region: "alpha",
  container: "region-alpha-db",
  database: "region_alpha",
  network: "region-alpha",
};
const CENTRAL = { region: NEXUS, container: "central-nexus-db", database: "central_nexus", network: "nexus" };
const BOTH = [ALPHA, CENTRAL];
type Place = typeof ALPHA;

/** How a role is refused that pg_hba.conf has no line for. */
const NO_LINE = "no pg_hba.conf entry for";

engineSuite("roles of databases", (run) => {
  let project: Project;
  let root: string;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    const text = succeeded(
      await project.cli(["pulumi", "stack", "export", "--show-secrets", "--stack", project.stack]),
    );
    const { deployment } = JSON.parse(text) as { deployment: Deployment };
    const key = deployment.resources?.find(({ urn }) => nameOf(urn) === "nexus-encryption-key");
    const result = key?.outputs?.result as { plaintext: string } | undefined;
    root = JSON.parse(result?.plaintext ?? "") as string;
  });
  afterAll(async () => {
    if (project) await project.up();
  });

  const idOf = async ({ container }: Place): Promise<string> => (await containerOf(project, container)).id;
  const ask = async (place: Place, sql: string): Promise<string> => psql(await idOf(place), sql);
  const roles = (place: Place): Promise<string> =>
    ask(
      place,
      "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname IN ('monitoring', 'replication')",
    );

  /** Of every container, and of the databases' own processes. */
  async function lives(): Promise<unknown> {
    const started = await Promise.all(BOTH.map((place) => ask(place, "SELECT pg_postmaster_start_time()")));
    return [identities(await containersOf(project)), started];
  }

  /** Servers fail their health tests while their database is away, and `up` ends with a look at everybody. */
  const wellAgain = (): Promise<boolean> =>
    eventually("all containers are ready", async () => {
      const all = [...(await containersOf(project)).values()];
      return (await areReady(all.map(({ id }) => id))) || undefined;
    });

  /** Database and state as the version before the roles left them. */
  async function makeOld(): Promise<void> {
    for (const place of BOTH) {
      const { info } = await containerOf(project, place.container);
      const { database, container } = place;
      await putFiles(docker, {
        ...{
          image: info.Config.Image,
          labels: {},
          volumeName: `${project.prefix}${container}-config`,
          user: "70:70",
        },
        files: [
          { name: "start.sh", content: startScript(database) },
          { name: "pg_hba.conf", content: pgHba(database) },
          { name: "roles.sql", content: "" },
        ],
      });
      await execIn(info.Id, ["rm", "-f", "/var/lib/postgresql/data/cluster/.roles"]);
      const drop =
        "DROP OWNED BY monitoring; DROP ROLE monitoring; DROP ROLE replication; SELECT pg_reload_conf()";
      // Rights on the application's database are dropped in any one.
      await ask(place, drop);
    }
    const { text, deployment } = await project.state();
    for (const { type, inputs } of deployment.resources ?? [])
      if (/^nexus:(region:RegionStack|nexus:NexusStack)$/.test(type)) delete inputs?.access;
    const file = join(run.root, "old-state.json");
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(text) as object), deployment }));
    succeeded(await project.cli(["pulumi", "stack", "import", "--stack", project.stack, "--file", file]));
  }

  it("that were made at the first start are made again in databases that lack them, and nothing restarts", async () => {
    expect(await Promise.all(BOTH.map(roles))).toEqual(["monitoring replication", "monitoring replication"]);
    await makeOld();
    const before = await lives();
    expect(await Promise.all(BOTH.map(roles))).toEqual(["", ""]);

    const printed = succeeded(await project.cli(["preview", "--stack", project.stack, "--json"]));
    const { impact } = JSON.parse(printed) as { impact: AreaImpact[] };
    const inPlace = [{ container: "db", what: ["database roles"] }];
    expect(impact).toMatchObject(
      [NEXUS, "alpha", "beta"].map((area) => ({ area, inPlace, restarts: [], pretended: [] })),
    );
    expect((await project.preview()).map(({ op, name }) => [op, name]).sort()).toEqual(
      ["nexus", "region-alpha", "region-beta"].map((name) => ["update", name]),
    );

    const { changes } = await project.up();
    expect(Object.keys(changes)).toEqual(["update"]);
    expect(await Promise.all(BOTH.map(roles))).toEqual(["monitoring replication", "monitoring replication"]);
    expect(await lives()).toEqual(before);
    expect(await project.preview()).toEqual([]);
  });

  /** What a client in a container of its own is told, on one of the stack's networks, with the role's password. */
  async function client(
    place: Place,
    network: string,
    role: string,
    connection: string,
    sql: string,
  ): Promise<string> {
    const { info } = await containerOf(project, place.container);
    const host = info.NetworkSettings.Networks[project.prefix + network]?.IPAddress;
    const container = await docker.createContainer({
      name: `${project.prefix}client`,
      Image: info.Config.Image,
      Entrypoint: ["psql", "-qtAXc", sql, `host=${host} user=${role} connect_timeout=10 ${connection}`],
      Cmd: [],
      User: "70:70",
      Env: ["PAGER=", `PGPASSWORD=${rolePassword(root, role, place.region)}`],
      Tty: true,
      HostConfig: { NetworkMode: project.prefix + network, LogConfig: { Type: "json-file", Config: {} } },
    });
    try {
      await container.start();
      await container.wait();
      return (await container.logs({ stdout: true, stderr: true })).toString("utf8").trim();
    } finally {
      await container.remove({ force: true, v: true });
    }
  }

  describe.each(BOTH)("of $container", (place) => {
    const database = `dbname=${place.database}`;
    const from = (role: string, connection: string, sql: string) =>
      client(place, place.network, role, connection, sql);

    it("monitoring sees what others do, and reads no table", async () => {
      const others = `SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = '${place.database}' AND query NOT LIKE '<%'`;
      // The application keeps a connection open.
      await eventually("the application has asked", async () =>
        (await from("monitoring", database, others)) === "t" ? true : undefined,
      );
      const first = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LIMIT 1";
      const table = await psql(await idOf(place), first, place.database);
      expect(table).not.toBe("");
      expect(await from("monitoring", database, `SELECT * FROM ${table}`)).toContain(
        "permission denied for table",
      );
      expect(await from("monitoring", database, "CREATE TABLE mine (id int)")).toContain("permission denied");
      expect(await from("monitoring", "dbname=postgres", "SELECT 1")).toContain(NO_LINE);
      expect(await from("monitoring", "replication=true", "IDENTIFY_SYSTEM")).toContain(NO_LINE);
    });

    it("replication opens a replication connection and no other one", async () => {
      expect(await from("replication", "replication=true", "IDENTIFY_SYSTEM")).toMatch(
        /^\d+\|1\|[0-9A-F]+\/[0-9A-F]+\|$/,
      );
      expect(await from("replication", database, "SELECT 1")).toContain(NO_LINE);
    });

    it("both have the password that is theirs in this database alone", async () => {
      const other = BOTH.find((one) => one !== place) ?? place;
      const told = await client(
        { ...place, region: other.region },
        place.network,
        "monitoring",
        database,
        "SELECT 1",
      );
      expect(told).toContain('password authentication failed for user "monitoring"');
    });

    it("neither gets in from the network that regions share, even where the database is on it", async () => {
      const regional = docker.getNetwork(`${project.prefix}regional`);
      const Container = await idOf(place);
      await regional.connect({ Container });
      try {
        expect(await client(place, "regional", "monitoring", database, "SELECT 1")).toContain(NO_LINE);
        expect(
          await client(place, "regional", "replication", "replication=true", "IDENTIFY_SYSTEM"),
        ).toContain(NO_LINE);
      } finally {
        await regional.disconnect({ Container });
      }
    });
  });

  it("are asked for again where a database did not answer, which the `up` says in one sentence", async () => {
    await makeOld();
    const paused = docker.getContainer(await idOf(ALPHA));
    await paused.pause();
    const failed = await project.cli(project.upCommand).finally(() => paused.unpause());
    expect(failed.code, failed.output).toBe(1);
    expect(failed.output).toMatch(
      /region-alpha-db runs on, without a change to its roles monitoring and replication \(.*paused.*\)\. Run `up` again/,
    );
    expect(await roles(ALPHA)).toBe("");
    await wellAgain();
    await project.up();
    expect(await roles(ALPHA)).toBe("monitoring replication");
  });

  it("come at the next start where the database was down or killed in between", async () => {
    await makeOld();
    const db = docker.getContainer(await idOf(ALPHA));
    await db.stop();
    expect((await project.cli(project.upCommand)).stdout).toContain('"result": "succeeded"');
    await eventually("the database has its roles", async () =>
      (await roles(ALPHA).catch(() => "")) === "monitoring replication" ? true : undefined,
    );
    expect(await client(ALPHA, ALPHA.network, "replication", "replication=true", "IDENTIFY_SYSTEM")).toMatch(
      /^\d+\|/,
    );
    await wellAgain();
    expect(await project.preview()).toEqual([]);
    const files = await execIn(await idOf(ALPHA), ["sh", "-c", `cat ${CONFIG_PATH}/* 2>/dev/null`]);
    for (const role of ["monitoring", "replication"])
      expect(files.includes(rolePassword(root, role, "alpha"))).toBe(false);
  });
});
