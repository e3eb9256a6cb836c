/** The environment of a game server, checked. Names are those of the real server (services/README.md). */

export type ServiceType = "nexus" | "region" | "worker";

export interface GameSettings {
  governance: string;
  economy: string;
  startingCredits: number;
  startingShip: string;
  language: Record<string, unknown>;
  theme: Record<string, unknown>;
  rules: Record<string, unknown>;
}

export interface Config {
  service: ServiceType;
  port: number;
  /** Outside `development` only the host name `localhost` is served. */
  environment: string;
  databaseUrl: string;
  redisUrl: string;
  /** Connections to PostgreSQL at most. */
  poolSize: number;
  /** For tests: behave towards the database as the real server does, in so many processes. */
  blocking?: { processes: number; overflow: number };
  /** `nexus` on the Nexus. */
  region: string;
  regionId?: string;
  owner?: string;
  maxPlayers: number;
  /** CPU time that is used before it is ready, as by a server that starts slowly. */
  startCpuSeconds: number;
  game: GameSettings;
  storage?: { url: string; token: string };
  /** Nexus only: the key that region tokens are made from. */
  registrationKey?: string;
  /** Regions only: where and with what to report. */
  registration?: { nexusUrl: string; token: string };
}

export type Environment = Record<string, string | undefined>;

/** Reads the environment. Problems name variables and rules, never values. */
export function readConfig(env: Environment): { config: Config } | { problems: string[] } {
  const problems: string[] = [];
  const need = (name: string, rule: string, valid: (value: string) => boolean): string => {
    const value = env[name] ?? "";
    if (!valid(value))
      problems.push(`${name} ${value === "" ? "is missing" : "is not valid"}: it must be ${rule}`);
    return value;
  };
  const whole = (name: string, fallback: number, min: number): number => {
    const value = env[name] ? Number(env[name]) : fallback;
    if (!Number.isInteger(value) || value < min)
      problems.push(`${name} is not valid: it must be a whole number from ${min}`);
    return value;
  };
  const object = (name: string): Record<string, unknown> => {
    const value = parseObject(env[name] || "{}");
    if (!value) problems.push(`${name} is not valid: it must be a JSON object`);
    return value ?? {};
  };

  const service = need("SERVICE_TYPE", "nexus, region or worker", (v) => /^(nexus|region|worker)$/.test(v));
  const nexus = service === "nexus";
  const config: Config = {
    service: service as ServiceType,
    port: whole("PORT", 8080, 1),
    environment: env.ENVIRONMENT || "development",
    databaseUrl: need("DATABASE_URL", "a postgresql:// URL", (v) => isUrl(v, "postgresql:")),
    redisUrl: need("REDIS_URL", "a redis:// URL", (v) => isUrl(v, "redis:")),
    poolSize: whole("SQLALCHEMY_POOL_SIZE", 10, 1),
    region: nexus
      ? "nexus"
      : need("REGION_NAME", "the region's name", (v) => /^[a-z0-9](-?[a-z0-9])*$/.test(v)),
    regionId: env.REGION_ID,
    owner: env.REGION_OWNER_ID,
    maxPlayers: whole("MAX_PLAYERS", 1000, 1),
    startCpuSeconds: whole("START_CPU_SECONDS", 0, 0),
    game: {
      governance: env.GOVERNANCE_TYPE || "autocracy",
      economy: env.ECONOMIC_SPECIALIZATION || "balanced",
      startingCredits: whole("STARTING_CREDITS", 1000, 0),
      startingShip: env.STARTING_SHIP || "scout",
      language: object("LANGUAGE_PACK"),
      theme: object("AESTHETIC_THEME"),
      rules: object("CUSTOM_RULES"),
    },
  };
  if (env.STANDIN_BLOCKING === "true" && service !== "worker") {
    config.blocking = {
      processes: whole("UVICORN_WORKERS", 4, 1),
      overflow: whole("SQLALCHEMY_MAX_OVERFLOW", 20, 0),
    };
  }
  // A worker serves nobody, so it needs no keys of the web server.
  if (service !== "worker") {
    need("JWT_SECRET", "32 characters or longer", (v) => v.length >= 32);
    need("ADMIN_USERNAME", "a name", (v) => v.length > 0);
    need("ADMIN_PASSWORD", "12 characters or longer", (v) => v.length >= 12);
    need("ARIA_ENCRYPTION_KEY", "a Fernet key (32 bytes as URL-safe base64)", (v) => /^[\w-]{43}=$/.test(v));
  }
  if (nexus && env.NEXUS_REGISTRATION_KEY) config.registrationKey = env.NEXUS_REGISTRATION_KEY;
  if (service === "region" && env.REGION_TOKEN) {
    const nexusUrl = need("CENTRAL_NEXUS_URL", "an http:// URL", (v) => isUrl(v, "http:"));
    config.registration = { nexusUrl, token: env.REGION_TOKEN };
  }
  if (env.STORAGE_URL) {
    const url = need("STORAGE_URL", "an http:// URL", (v) => isUrl(v, "http:"));
    config.storage = {
      url: url.replace(/\/+$/, ""),
      token: need("STORAGE_TOKEN", "the storage's token", (v) => v !== ""),
    };
  }
  return problems.length > 0 ? { problems } : { config };
}

function isUrl(value: string, protocol: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === protocol;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
