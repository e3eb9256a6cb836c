/**
 * The local images: what each is made of, and the tag that follows from it. A tag is a hash over everything that
 * decides an image's content, so "the tag exists" means "it is up to date".
 */
import { createHash } from "node:crypto";
import { IMAGES, type ImageName } from "../catalog/images";
import { dependencyVersions } from "./dependencies";
import { contentOf } from "./inputs";

/** The images that a stack runs, and the two that they are made from. */
export type LocalImageName = (typeof IMAGES)[ImageName]["recipe"] | "base" | "node";

export interface Recipe {
  /** The image it is built FROM; only `base` has none: it is imported from a Debian tree. */
  from?: LocalImageName;
  /** Files and folders of the repository that decide the content. */
  inputs: string[];
  /** Further facts that decide it: a tool's version, the versions of bundled packages. */
  facts?: (projectDir: string) => string[];
}

/** Debian's release that all local images are made of. */
export const DEBIAN_SUITE = "bookworm";

/** Counts changes in how images are made that no input shows. */
const RECIPE_VERSION = 1;

/** Repository of all local images; no registry has it. */
export const LOCAL_REPOSITORY = "nexus-local";

/** On every local image, with the image's name as value: says what made it. */
export const LABEL = "io.sectorwars.local-image";

const GAME_SERVER_PACKAGES = ["fastify", "@fastify/websocket", "ioredis", "pg", "prom-client", "esbuild"];

/** Unless the table below says more, an image is its own folder on the base. */
const PLAIN = Object.fromEntries(
  Object.values(IMAGES).map(({ recipe }) => [recipe, { from: "base", inputs: [`images/recipes/${recipe}`] }]),
) as Record<Exclude<LocalImageName, "base" | "node">, Recipe>;

export const RECIPES: Record<LocalImageName, Recipe> = {
  base: { inputs: ["images/recipes/base"], facts: () => [DEBIAN_SUITE, process.arch] },
  node: { from: "base", inputs: ["images/recipes/node", "setup/node/package-lock.json"] },
  ...PLAIN,
  "game-server": {
    from: "node",
    inputs: ["images/recipes/game-server", "services/gameserver"],
    facts: (projectDir) => dependencyVersions(projectDir, GAME_SERVER_PACKAGES),
  },
  "player-client": {
    from: "nginx",
    inputs: ["images/recipes/web", "services/web", "services/player-client"],
  },
  "admin-ui": { from: "nginx", inputs: ["images/recipes/web", "services/web", "services/admin-ui"] },
};

export const LOCAL_IMAGE_NAMES = Object.keys(RECIPES) as LocalImageName[];

/** The reference of every local image, `nexus-local/<name>:<first 12 digits of the hash>`. */
export function localRefs(projectDir: string): Record<LocalImageName, string> {
  const hashes = new Map<LocalImageName, string>();
  const hashOf = (name: LocalImageName): string => {
    const known = hashes.get(name);
    if (known) return known;
    const { from, inputs, facts } = RECIPES[name];
    const hash = createHash("sha256").update(
      JSON.stringify([RECIPE_VERSION, name, from ? hashOf(from) : ""]),
    );
    for (const input of inputs) {
      for (const file of contentOf(projectDir, input)) hash.update(JSON.stringify([file.path, file.sha256]));
    }
    hash.update(JSON.stringify(facts?.(projectDir) ?? []));
    const digest = hash.digest("hex");
    hashes.set(name, digest);
    return digest;
  };
  const refs = LOCAL_IMAGE_NAMES.map((name) => [
    name,
    `${LOCAL_REPOSITORY}/${name}:${hashOf(name).slice(0, 12)}`,
  ]);
  return Object.fromEntries(refs) as Record<LocalImageName, string>;
}
