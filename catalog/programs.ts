import type { Service } from "./service";

/** What follows from the program, wherever it runs. */
type Program = Omit<Service, "interruptionSeconds">;

export const POSTGRES = {
  image: "postgres",
  port: 5432,
  hasConfig: true,
  dataPath: "/var/lib/postgresql/data",
  stopGraceSeconds: 60,
} as const satisfies Program;

export const REDIS = {
  image: "redis",
  port: 6379,
  hasConfig: true,
  dataPath: "/data",
  stopGraceSeconds: 60,
} as const satisfies Program;

export const GAME_SERVER = {
  image: "gameServer",
  port: 8080,
  stopGraceSeconds: 30,
} as const satisfies Program;

/** nginx as gateway or as file storage; both are started by their own text and listen on what that says. */
export const NGINX = {
  image: "nginx",
  port: 8080,
  hasConfig: true,
  stopGraceSeconds: 30,
} as const satisfies Program;

/** A web page in an image with a web server of its own. */
export const PAGE = { port: 3000, stopGraceSeconds: 30 } as const satisfies Omit<Program, "image">;
