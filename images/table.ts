/**
 * Which image each role runs. The rest of the program sees only `resolveImages`: it never knows whether an
 * image came from a registry or was made on this machine (README.md).
 */
import type { GameVariables, VariableMap } from "../config/gameVariables";
import type { CpuNeeds } from "../regions/patience";
import { SERVER_HEALTH, serverNeeds } from "./gameServer";
import { pinnedRef, readLock } from "./lockFile";
import { type LocalImageName, localRefs } from "./recipes";
import { workerImage } from "./worker";

/** The programs that a platform runs. `nginx` is the gateway and the regions' file storage. */
export type Program = "postgres" | "redis" | "nginx" | "gameServer" | "playerClient" | "adminUi";

/** The programs and the regions' worker, which runs the game server's image unless it is given another one. */
export type ImageRole = Program | "worker";

/** `registry`: official images and the operator's own. `local`: all made on this machine. */
export type ImageSource = "registry" | "local";

/** One image, ready to be run. */
export interface Image {
  /** What the Engine is asked to run: `name:tag` or `name:tag@sha256:...`. */
  ref: string;
  /** Numeric `uid:gid` that the container runs as; data folders belong to it. */
  user: string;
  /** Docker health test of the image in its ordinary role; absent where the component knows better. */
  health?: string[];
  /** Program and arguments that it runs in place of the image's entry point and command. */
  command?: string[];
  /** What a game server or worker costs its CPU; absent for images that cost next to nothing. */
  needs?: CpuNeeds;
}

/** What a stack may set per role (`nexus:imageOverrides`); what is left out keeps the table's value. */
export type ImageOverride = Pick<Image, "ref"> & Partial<Pick<Image, "user" | "health">>;

/** The game server's image may bring a test of itself as a worker as well. */
export type GameServerOverride = ImageOverride &
  Partial<CpuNeeds> & { workerHealth?: string[] } & Partial<Record<VariableMap, GameVariables>>;

/** Without a `ref`, the worker runs the game server's image. */
export type WorkerOverride = Partial<Pick<Image, "ref" | "user" | "health" | "command"> & CpuNeeds>;

export type ImageOverrides = Partial<
  Record<Exclude<Program, "gameServer"> | "disk", ImageOverride> & {
    gameServer: GameServerOverride;
    worker: WorkerOverride;
  }
>;

/** Every program; the worker is none of its own. */
export const IMAGE_ROLES: readonly Program[] = [
  "postgres",
  "redis",
  "nginx",
  "gameServer",
  "playerClient",
  "adminUi",
];

/** The official images by exact tag. `npm run images:pin` adds digests in `lock.json`, those of your own images too. */
export const OFFICIAL_REFS = {
  postgres: "postgres:15.18-alpine3.24",
  // 7.2 is the last line of Redis under the BSD licence.
  redis: "redis:7.2.14-alpine3.21",
  nginx: "nginx:1.30.4-alpine3.24",
} as const;

/** The user ids of the official images; ours keep them, so that a change of source keeps data folders. Whether their data can be read is asked (versions.ts). */
const USERS: Record<Program, string> = {
  postgres: "70:70",
  redis: "999:1000",
  nginx: "101:101",
  gameServer: "1000:1000",
  playerClient: "101:101",
  adminUi: "101:101",
};

/** nginx images carry BusyBox's wget, the official ones and ours alike. */
const WEB_HEALTH = ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"];

/** Health tests by source. `/health` answers 200 only when the database and the cache answered. */
const HEALTH: Record<ImageSource, Partial<Record<Program, Pick<Image, "health">>>> = {
  registry: {
    gameServer: { health: SERVER_HEALTH },
    playerClient: { health: WEB_HEALTH },
    adminUi: { health: WEB_HEALTH },
  },
  local: {
    gameServer: { health: ["CMD", "/app/healthcheck", "server"] },
    playerClient: { health: WEB_HEALTH },
    adminUi: { health: WEB_HEALTH },
  },
};

const LOCAL_NAMES: Record<Program, LocalImageName> = {
  postgres: "postgres",
  redis: "redis",
  nginx: "nginx",
  gameServer: "game-server",
  playerClient: "player-client",
  adminUi: "admin-ui",
};

/**
 * The image of every role.
 *
 * @param projectDir the repository's root: holds `images/lock.json` and the sources of the local images
 * @throws ConfigError when the lock file is not valid
 */
export function resolveImages(
  source: ImageSource,
  overrides: ImageOverrides,
  projectDir: string,
): Record<ImageRole, Image> {
  const defaults: Partial<Record<Program, string>> =
    source === "local" ? localDefaults(projectDir) : OFFICIAL_REFS;
  const lock = readLock(projectDir);
  const image = (role: Program): Image => {
    const own = overrides[role];
    return {
      user: own?.user ?? USERS[role],
      // An operator's own image may lack the tool that our local image's health test calls.
      ...HEALTH[own ? "registry" : source][role],
      ...(own?.health && { health: own.health }),
      ref: pinnedRef(own?.ref ?? defaults[role] ?? "", lock),
    };
  };
  const gameServer: Image = {
    ...image("gameServer"),
    needs: serverNeeds({ images: source, imageOverrides: overrides }),
  };
  return {
    postgres: image("postgres"),
    redis: image("redis"),
    nginx: image("nginx"),
    gameServer,
    worker: workerImage({ images: source, imageOverrides: overrides }, gameServer, (ref) =>
      pinnedRef(ref, lock),
    ),
    playerClient: image("playerClient"),
    adminUi: image("adminUi"),
  };
}

/**
 * The image that keeps regions within their disk limit, made of the recipe `disk`; undefined where none is given, as
 * no registry has a default for it.
 */
export function diskImage(
  source: ImageSource,
  overrides: ImageOverrides,
  projectDir: string,
): Image | undefined {
  const ref = overrides.disk?.ref ?? (source === "local" ? localRefs(projectDir).disk : undefined);
  return ref === undefined ? undefined : { ref: pinnedRef(ref, readLock(projectDir)), user: "0:0" };
}

/** Every image that a stack runs, by the name that its containers use, each once and sorted. */
export function stackRefs(
  { images, imageOverrides }: { images: ImageSource; imageOverrides: ImageOverrides },
  projectDir: string,
): string[] {
  const disk = diskImage(images, imageOverrides, projectDir);
  const all = [...Object.values(resolveImages(images, imageOverrides, projectDir)), ...(disk ? [disk] : [])];
  return [...new Set(all.map(({ ref }) => ref))].sort();
}

function localDefaults(projectDir: string): Partial<Record<Program, string>> {
  const refs = localRefs(projectDir);
  return Object.fromEntries(IMAGE_ROLES.map((role) => [role, refs[LOCAL_NAMES[role]]]));
}
