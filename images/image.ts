import type { ImageSource } from "../catalog/images";
import type { RawSettings } from "../config/settingsSchema";
import type { CpuNeeds } from "../regions/patience";

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
export type ImageOverrides = NonNullable<RawSettings["imageOverrides"]>;

/** What a stack's settings say of workers. */
export interface WorkerChoice {
  images: ImageSource;
  imageOverrides: ImageOverrides;
  /** `nexus:worker`; absent: there is a worker where a health test for it is given. */
  worker?: "run" | "none";
}
