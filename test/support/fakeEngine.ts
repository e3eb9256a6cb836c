import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** A container of {@link FakeEngine}. */
export interface FakeContainer {
  role: string;
  millis: number;
  state: "running" | "paused";
  /** Thousandths of a CPU that it uses all the time. */
  uses: number;
}

/** As much of the Engine's interface as looking after CPU limits takes, for what no real one can be made to do at will. */
export class FakeEngine {
  readonly containers = new Map<string, FakeContainer>();
  /** What all may use together, after each change. */
  readonly sums: number[] = [];
  /** How often it was asked what a container uses. */
  looks = 0;
  private readonly begun = Date.now();
  private readonly server: Server;

  constructor(
    private readonly labels: (role: string) => Record<string, string>,
    readonly socket: string,
  ) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.socket, resolve));
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = this.bodyFor(
        new URL(request.url ?? "", "http://engine"),
        Buffer.concat(chunks).toString(),
      );
      if (body === "never") return;
      response.writeHead(body ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(body ?? { message: "No such container" }));
    });
  }

  private bodyFor({ pathname, searchParams }: URL, sent: string): unknown {
    if (pathname === "/containers/json") return this.list(searchParams.get("filters"));
    const [, , id = "", what] = pathname.split("/");
    const one = this.containers.get(id);
    if (!one) return undefined;
    const { role, millis, state, uses } = one;
    if (what === "json") {
      const State = { Running: true, Paused: state === "paused" };
      return { Id: id, Name: `/${role}`, State, HostConfig: { CpuQuota: millis * 100 } };
    }
    if (what === "stats") {
      this.looks++;
      const total_usage = (Date.now() - this.begun) * 1000 * uses;
      return state === "paused" ? "never" : { cpu_stats: { cpu_usage: { total_usage } } };
    }
    one.millis = JSON.parse(sent).CpuQuota / 100;
    this.sums.push([...this.containers.values()].reduce((sum, other) => sum + other.millis, 0));
    return { Warnings: [] };
  }

  private list(filters: string | null) {
    const { id, status } = JSON.parse(filters ?? "{}") as { id?: string[]; status?: string[] };
    return [...this.containers]
      .filter(([one, { state }]) => (id?.includes(one) ?? true) && (status?.includes(state) ?? true))
      .map(([Id, { role }]) => ({ Id, Names: [`/${role}`], Labels: this.labels(role) }));
  }
}
