import type Docker from "dockerode";
import type { Desired } from "../../../catalog/desired";
import { NEXUS, REGION_LABEL, ROLE_LABEL } from "../../../catalog/names";
import type { RootFacts } from "../../../components/dataRoot";
import { runJob } from "../../../components/job";
import { listed } from "../../words";
import type { HostProblem } from "./checks";
import type { HostFacts } from "./facts";

/** Data that another image than before shall go on with. */
export interface Succession {
  image: string;
  /** Program that wrote it. */
  kind: "postgres" | "redis";
  /** Major version of PostgreSQL, or number of Redis' file format. */
  version: string;
  folders: string[];
}

/**
 * Which images shall read data that they have not written, with what of it they must know. Containers that run their
 * declared image already are left out: nothing changes for them. Pure.
 * @param running image by name of the containers that are there
 */
export function successions(
  { containers, volumes }: Desired,
  { folders }: Pick<RootFacts, "folders">,
  running: ReadonlyMap<string, string | undefined>,
): Succession[] {
  const found = volumes.flatMap(({ name, folder = "" }) => {
    const facts = folders.get(folder);
    const user = containers.find(({ data }) => data?.volume === name);
    if (!facts || !user || running.get(user.name) === user.image.ref) return [];
    const { ref: image } = user.image;
    return [
      { image, kind: "postgres" as const, version: facts.postgres, folder },
      { image, kind: "redis" as const, version: facts.rdb, folder },
    ];
  });
  const alike = Map.groupBy(found, ({ image, kind, version }) => [image, kind, version].join(" "));
  return [...alike.values()].flatMap((own) => {
    const [first] = own;
    if (first?.version === undefined) return [];
    const { image, kind, version } = first;
    return [{ image, kind, version, folders: own.map(({ folder }) => folder) }];
  });
}

/** Data that the new image cannot read: asked of the image itself, by its own program. */
export async function versionProblems(
  docker: Docker,
  expected: Desired,
  root: Pick<RootFacts, "folders">,
  { containers }: Pick<HostFacts, "containers">,
): Promise<HostProblem[]> {
  const running = new Map(containers.map(({ name, image }) => [name, image]));
  const problems = await Promise.all(
    successions(expected, root, running).map(async (one) => {
      const reason = await (one.kind === "postgres" ? postgresReason : redisReason)(docker, one);
      return reason === undefined ? [] : [problem(one, reason)];
    }),
  );
  return problems.flat();
}

async function postgresReason(docker: Docker, { image, version }: Succession): Promise<string | undefined> {
  const printed = await inImage(docker, image, ["postgres", "--version"]);
  const program = /\(PostgreSQL\) (\d+)/.exec(printed)?.[1];
  if (program === undefined || program === version) return undefined;
  return `written by PostgreSQL ${version}, and ${image} has PostgreSQL ${program}, which reads its own major version alone`;
}

/** A file without any key of the data's format. Whether a Redis can read it says whether it can read the data. */
const CHECK = `printf 'REDIS%s\\377\\0\\0\\0\\0\\0\\0\\0\\0' "$1" > /dev/shm/nexus.rdb; redis-check-rdb /dev/shm/nexus.rdb || true`;

async function redisReason(docker: Docker, { image, version }: Succession): Promise<string | undefined> {
  const printed = await inImage(docker, image, ["sh", "-c", CHECK, "check", version]);
  if (!printed.includes("Can't handle RDB format version")) return undefined;
  return `written by a newer Redis (file format ${Number(version)}), and that of ${image} cannot read it`;
}

/**
 * Empty where the image is not there (404), as in a preview, or has no such program (400): its start has the last word
 * then.
 */
function inImage(docker: Docker, image: string, command: string[]): Promise<string> {
  const labels = { [REGION_LABEL]: NEXUS, [ROLE_LABEL]: "version" };
  const asked = runJob(docker, { image, labels, command, purpose: "ask for a version", binds: [] });
  return asked.catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404 && error.statusCode !== 400) throw error;
    return "";
  });
}

function problem({ kind, folders }: Succession, reason: string): HostProblem {
  return {
    setting: `nexus:imageOverrides.${kind}`,
    message:
      `the data in ${listed(folders, 3)} was ${reason}. Nothing converts it: keep an image that can read it ` +
      "(docs/operations.md, Versions of data).",
  };
}
