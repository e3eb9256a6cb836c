import { execIn } from "./containers";

/** Asks a database as its superuser, over its own socket. @throws Error with what psql says */
export async function psql(id: string, statement: string, database = "postgres"): Promise<string> {
  const query = ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-d", database, "-qtAXc", statement];
  return (await execIn(id, query)).trim();
}

/** Asks a cache as one of its users. */
export async function redisCli(id: string, user: "app" | "operator", command: string): Promise<string> {
  const login = `REDISCLI_AUTH="$(cat /etc/nexus/${user}-password)" redis-cli --user ${user} --no-auth-warning`;
  return (await execIn(id, ["sh", "-c", `${login} ${command}`])).trim();
}

/** The file system that a container has at a path, in bytes. */
export async function df(id: string, path: string): Promise<{ device: string; size: number; free: number }> {
  const line = await execIn(id, ["df", "-B1", "--output=source,size,avail", path]);
  const [device = "", size, free] = line.trim().split("\n").at(-1)?.split(/\s+/) ?? [];
  return { device, size: Number(size), free: Number(free) };
}
