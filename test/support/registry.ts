import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { stringify } from "yaml";
import type { NetworkNamespace } from "./namespace";
import type { TestRun } from "./run";
import { missingServer, Server } from "./server";
import { freePorts } from "./space";

/** The login of a registry that wants one. */
export const LOGIN = { username: "puller", password: "made-up-for-tests-7q" } as const;
/** The same for the registry's file: bcrypt of the password, as the registry knows no other form. */
const HTPASSWD = `${LOGIN.username}:$2a$04$UBADL/eIUqWeCyeNtEalPOXYmG/bVRo35yyhEBzI2NQ/HSZRSOCUW\n`;

export interface RegistryOptions {
  /** Tells the registries of a run apart; its images stay in `<run>/<name>` and are there again after a restart. */
  name: string;
  /** Does it ask for {@link LOGIN}? Default: no. */
  login?: boolean;
  /** Default: a free port. */
  port?: number;
  /** Where it listens on 127.0.0.1; default: on this machine's. */
  namespace?: NetworkNamespace;
  /** Of its process; default: the run's. A project's environment makes it end with that project. */
  env?: Record<string, string>;
}

/**
 * A real image registry on a loopback address. Docker speaks plain HTTP with it, as it does by default with all of
 * 127.0.0.0/8.
 */
export class Registry {
  private server: Server | undefined;

  private constructor(
    private readonly run: TestRun,
    private readonly options: RegistryOptions,
    readonly port: number,
  ) {}

  /** Why this machine cannot run one; undefined when it can. */
  static missing(run: TestRun): string | undefined {
    return missingServer(run, "registry");
  }

  static async start(run: TestRun, options: RegistryOptions): Promise<Registry> {
    const port = options.port ?? (await freePorts(1))[0] ?? 0;
    const registry = new Registry(run, options, port);
    await registry.start();
    return registry;
  }

  /** `127.0.0.1:<port>`, as it stands in front of an image's name. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** What Docker's API takes as `authconfig`; undefined where no login is wanted. */
  get auth(): { username: string; password: string; serveraddress: string } | undefined {
    return this.options.login ? { ...LOGIN, serveraddress: this.address } : undefined;
  }

  /** Starts it, also after {@link stop}: with the images that it had. */
  async start(): Promise<void> {
    const folder = join(this.run.root, this.options.name);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "config.yml");
    const users = join(folder, "htpasswd");
    writeFileSync(users, HTPASSWD);
    const config = {
      version: 0.1,
      log: { level: "warn", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, "images") } },
      http: { addr: this.address },
      ...(this.options.login && { auth: { htpasswd: { realm: "registry of a test", path: users } } }),
    };
    writeFileSync(file, stringify(config));
    const command = [join(this.run.servers ?? "", "registry"), "serve", file];
    const { namespace } = this.options;
    this.server = await Server.start(namespace?.command(command) ?? command, {
      env: { ...(this.options.env ?? this.run.env), OTEL_TRACES_EXPORTER: "none" },
      log: join(folder, "log"),
      ready: () => (namespace ? namespace.connect(this.port) : this.get("/v2/")),
    });
  }

  /** It is away from here on, in the middle of whatever it does. */
  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /**
   * Pushes an image that an Engine of this machine has.
   * @param ref the image there
   * @param name its name here, with a tag: `library/postgres:15.18-alpine3.24`
   * @returns the digest by which it can be pulled: `sha256:…`
   */
  async push(docker: Docker, ref: string, name: string): Promise<string> {
    const [repository = "", tag = ""] = name.split(":");
    const repo = `${this.address}/${repository}`;
    await docker.getImage(ref).tag({ repo, tag });
    const image = docker.getImage(`${repo}:${tag}`);
    try {
      // Docker wants a header with credentials, be they empty.
      const stream = await image.push({ authconfig: this.auth ?? { username: "" } });
      const events = await progress(docker, stream);
      const digest = events.flatMap(({ aux }) => aux?.Digest ?? []).at(-1);
      if (digest === undefined) throw new Error(`The push of ${name} ended without a digest.`);
      return digest;
    } finally {
      await image.remove();
    }
  }

  /** Asks the registry itself, with its login. Only on this machine's loopback address. */
  async get(path: string): Promise<Response> {
    const { username, password } = LOGIN;
    const basic = Buffer.from(`${username}:${password}`).toString("base64");
    const answer = await fetch(`http://${this.address}${path}`, {
      headers: { authorization: `Basic ${basic}` },
    });
    if (!answer.ok) throw new Error(`The registry answered ${answer.status} for ${path}.`);
    return answer;
  }
}

interface ProgressEvent {
  error?: string;
  aux?: { Digest?: string };
}

/** Follows a pull or a push to its end. @throws Error as the Engine words it */
export async function progress(docker: Docker, stream: NodeJS.ReadableStream): Promise<ProgressEvent[]> {
  const events = await new Promise<ProgressEvent[]>((resolve, reject) =>
    docker.modem.followProgress(stream, (error, all) => (error ? reject(error) : resolve(all))),
  );
  const failed = events.find(({ error }) => error !== undefined);
  if (failed) throw new Error(failed.error);
  return events;
}
