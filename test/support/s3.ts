import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestRun } from "./run";
import { missingServer, Server } from "./server";
import { freePorts } from "./space";

const KEYS = {
  AWS_ACCESS_KEY_ID: "madeupfortests",
  AWS_SECRET_ACCESS_KEY: "made-up-secret-of-tests",
} as const;
const REGION = "us-east-1";

/** A real S3 server on a loopback address, with one bucket that is an empty state backend. */
export class S3Server {
  /** As `nexus` stacks name it: the value of `pulumi login` and of `PULUMI_BACKEND_URL`. */
  readonly backendUrl: string;
  /** What a client needs in its environment. */
  readonly env: Record<string, string> = { ...KEYS, AWS_REGION: REGION };

  private constructor(
    private server: Server,
    /** Starts it anew on the same address. */
    private readonly begin: (more: string[]) => Promise<Server>,
    /** The bucket's objects as files. */
    readonly folder: string,
    port: number,
  ) {
    // The last: else Pulumi sends "UNSIGNED-PAYLOAD" where a checksum belongs, and is refused.
    const options = ["s3ForcePathStyle=true", "request_checksum_calculation=when_supported"];
    const place = [`endpoint=http://127.0.0.1:${port}`, `region=${REGION}`];
    this.backendUrl = `s3://state?${[...place, ...options].join("&")}`;
  }

  /** Why this machine cannot run one; undefined when it can. */
  static missing(run: TestRun): string | undefined {
    return missingServer(run, "versitygw");
  }

  /**
   * @param name its folder in that of the run
   * @param env of its process; default: the run's. A project's environment makes it end with that project.
   */
  static async start(run: TestRun, name: string, env = run.env): Promise<S3Server> {
    const folder = join(run.root, name);
    const [buckets, attributes] = [join(folder, "buckets"), join(folder, "attributes")];
    const bucket = join(buckets, "state");
    for (const path of [bucket, attributes]) mkdirSync(path, { recursive: true });
    const [port = 0] = await freePorts(1);
    // Attributes beside the objects: not every file system has extended ones.
    const backend = ["posix", "--sidecar", attributes, buckets];
    const listen = ["--port", `127.0.0.1:${port}`, "--region", REGION, "--quiet", "--keep-alive"];
    const program = join(run.servers ?? "", "versitygw");
    const begin = (more: string[]): Promise<Server> =>
      Server.start([program, ...listen, ...more, ...backend], {
        env: { ...env, ROOT_ACCESS_KEY: KEYS.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: KEYS.AWS_SECRET_ACCESS_KEY },
        log: join(folder, "log"),
        ready: () => fetch(`http://127.0.0.1:${port}/`),
      });
    return new S3Server(await begin([]), begin, bucket, port);
  }

  /** From here on it refuses whatever would change something, as it does whoever has a key that only reads. */
  async onlyReads(): Promise<void> {
    await this.stop();
    this.server = await this.begin(["--readonly"]);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
