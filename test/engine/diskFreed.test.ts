import { afterAll, beforeAll, expect, it } from "vitest";
import { type Container, containersOf, execIn, identities } from "../support/containers";
import { ask } from "../support/http";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const NAME = "alpha";
const MB = 1e6;
const VISITS = `/api/v1/regions/${NAME}/sectors/77/visits`;
const ASSET = `/api/v1/regions/${NAME}/assets/freed.bin`;
const FULL = /No space left on device/;

// One story: the disk is filled, and then space on it is freed.
engineSuite("a region's full disk on which space is freed", (run) => {
  let project: Project;
  let containers: Map<string, Container>;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    containers = await containersOf(project);
  });
  // Other files use this region.
  afterAll(async () => {
    if (!containers) return;
    await free();
    await sql("DROP TABLE IF EXISTS filler");
    await redis("DEL large freed");
    await execIn(idOf("storage"), ["rm", "-f", "/data/files/freed.bin"]);
  });

  const idOf = (role: string): string => containers.get(`region-${NAME}-${role}`)?.id ?? "";
  const sql = async (statement: string): Promise<string> => {
    const query = ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-qtAXc", statement];
    return (await execIn(idOf("db"), query)).trim();
  };
  const redis = async (command: string): Promise<string> => {
    const auth = 'REDISCLI_AUTH="$(cat /etc/nexus/app-password)" redis-cli --user app --no-auth-warning';
    return (await execIn(idOf("cache"), ["sh", "-c", `${auth} ${command}`])).trim();
  };
  const insert = (lines: number): Promise<string> =>
    sql(
      `INSERT INTO filler SELECT repeat(md5(i::text), 200) FROM (SELECT generate_series(1, ${lines}) AS i) AS lines`,
    );
  const put = (bytes: number) =>
    ask(project.url, ASSET, {
      method: "PUT",
      body: Buffer.alloc(bytes, "x"),
      headers: { "Content-Type": "application/octet-stream" },
    });
  /** Reserves all but a little, so that the host's own disk does not fill, and writes the rest. */
  const fill = (): Promise<string> => {
    const left = "$(($(df -k /data | awk 'END { print $4 }') - 8192))k";
    const script = `fallocate -l ${left} /data/files/filler && cat /dev/zero > /data/files/rest`;
    return execIn(idOf("storage"), ["sh", "-c", script]);
  };
  const free = (): Promise<string> =>
    execIn(idOf("storage"), ["rm", "-f", "/data/files/filler", "/data/files/rest"]);
  const visits = async (method: string): Promise<unknown> =>
    (await ask(project.url, VISITS, { method })).json().visits;

  it("refuses writes of its database, cache and storage while it is full, and goes on reading", async () => {
    expect(await visits("POST")).toBe(1);
    expect(await redis("SET freed before")).toBe("OK");
    await sql("CREATE TABLE filler (text text)");
    await expect(fill()).rejects.toThrow(FULL);

    await expect(insert(20_000)).rejects.toThrow(FULL);
    expect((await put(4 * MB)).status).toBeGreaterThanOrEqual(500);
    // What Redis takes is in memory until the write to its log fails; from then on it refuses.
    const large = "head -c 1000000 /dev/zero | REDISCLI_AUTH=";
    await eventually("Redis refuses to write", async () => {
      const answer = await redis("SET large 1").catch((error: Error) => error.message);
      if (answer.includes("MISCONF")) return true;
      const auth = `${large}"$(cat /etc/nexus/app-password)" redis-cli --user app --no-auth-warning -x`;
      await execIn(idOf("cache"), ["sh", "-c", `${auth} SET large`]);
      return undefined;
    });
    expect(await visits("GET")).toBe(1);
    expect(await redis("GET freed")).toBe("before");
  });

  it("takes writes of all three again once space is free, with nothing lost and nothing restarted", async () => {
    await free();
    const within = <T>(what: string, work: () => Promise<T | undefined>) => eventually(what, work);
    await within("the database writes", async () => (await insert(100)) === "" || undefined);
    await within("the storage writes", async () => (await put(4 * MB)).status === 201 || undefined);
    await within("the cache writes", async () => (await redis("SET large 2")) === "OK" || undefined);
    expect(await sql("SELECT count(*) FROM filler")).toBe("100");
    expect((await ask(project.url, ASSET)).bytes).toHaveLength(4 * MB);
    expect(await redis("MGET freed large")).toBe("before\n2");
    expect(await visits("POST")).toBe(2);
    expect(identities(await containersOf(project))).toEqual(identities(containers));
  });
});
