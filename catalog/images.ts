/** The two sources of images: `registry`: official ones and the operator's own; `local`: all made on this machine. */
export type ImageSource = "registry" | "local";

/** One image that a stack may run. */
export interface ImageRow {
  /**
   * The official image by exact tag; absent where the operator gives one. `npm run images:pin` adds digests in
   * `images/lock.json`, those of the operator's own images too.
   */
  official?: string;
  /**
   * Numeric `uid:gid` of the official image; the local one keeps it, so that a change of source keeps data folders.
   * Whether their data can be read is asked (`versions.ts`).
   */
  user: string;
  /** Its recipe in `images/recipes.ts`: how it is made where no registry can be reached. */
  recipe: string;
  /** Docker's health test by source; absent where the service's component knows one. */
  health?: Partial<Record<ImageSource, readonly string[]>>;
  /** Has no default in the registry source, and is missed only where disk limits are required. */
  isOptional?: true;
}

const BASH_TEST = [
  "exec 3<>/dev/tcp/127.0.0.1/8080",
  'printf "GET /health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" >&3',
  "read -r -t 4 line <&3",
  '[[ $line == "HTTP/1."*" 200 "* ]]',
].join(" && ");
const PYTHON_TEST = "import urllib.request as r; r.urlopen('http://localhost:8080/health', timeout=4)";

/**
 * The real game server's image has Python and no curl, and like all of Debian's it has bash, which asks for a thirtieth
 * of what it costs to start Python. Only the host name `localhost` passes the server's host check.
 */
const SERVER_TEST = [
  "CMD-SHELL",
  `if [ -x /bin/bash ]; then exec /bin/bash -c '${BASH_TEST}'; else exec python -c "${PYTHON_TEST}"; fi`,
];

/** nginx images carry BusyBox's wget, the official ones and ours alike. */
const PAGE_TEST = ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:3000/health"];

const BLACKBOX_TEST = ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:9115/-/healthy"];

/** Every image, by the name that `nexus:imageOverrides` gives it. The regions' worker may run one of its own. */
export const IMAGES = {
  postgres: { official: "postgres:15.18-alpine3.24", user: "70:70", recipe: "postgres" },
  // 7.2 is the last line of Redis under the BSD licence.
  redis: { official: "redis:7.2.14-alpine3.21", user: "999:1000", recipe: "redis" },
  // The gateway and the regions' file storage.
  nginx: { official: "nginx:1.30.4-alpine3.24", user: "101:101", recipe: "nginx" },
  gameServer: {
    user: "1000:1000",
    recipe: "game-server",
    // `/health` answers 200 only when the database and the cache answered.
    health: { registry: SERVER_TEST, local: ["CMD", "/app/healthcheck", "server"] },
  },
  playerClient: {
    user: "101:101",
    recipe: "player-client",
    health: { registry: PAGE_TEST, local: PAGE_TEST },
  },
  adminUi: { user: "101:101", recipe: "admin-ui", health: { registry: PAGE_TEST, local: PAGE_TEST } },
  blackboxExporter: {
    official: "prom/blackbox-exporter:v0.28.0",
    // Nobody: the official image would be root.
    user: "65534:65534",
    recipe: "blackbox-exporter",
    health: { registry: BLACKBOX_TEST, local: BLACKBOX_TEST },
  },
  disk: { user: "0:0", recipe: "disk", isOptional: true },
} as const satisfies Record<string, ImageRow>;

/** An image that has a row of its own. */
export type ImageName = keyof typeof IMAGES;

/** What services run: an image of the table, or what the regions' workers run. */
export type ImageRole = ImageName | "worker";

export const IMAGE_NAMES = Object.keys(IMAGES) as ImageName[];
