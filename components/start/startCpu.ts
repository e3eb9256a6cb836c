import type Docker from "dockerode";
import { REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../catalog/names";
import type { ContainerLimits } from "../../config/tuning";
import { engine, gone } from "../engine";
import type { HostArgs } from "../host";
import { known } from "../known";
import { applyLimits, CPU_PERIOD_MICROS, cpuQuota } from "../resize";
import { type Member, shares } from "./shares";

/** A region, or the Nexus: what was sold as one, and may be used by one or the other of its containers. */
export interface StartCpuArgs {
  host: HostArgs;
  /** As in the containers' labels. */
  area: string;
  /** What all containers together may use, in thousandths of a CPU. */
  totalMillis: number;
  /** Limits of the containers by role, when nothing starts. */
  steady: ReadonlyMap<string, number>;
  /** Roles that lend while nobody plays: they are of use to the server and to nobody else. */
  lenders: readonly string[];
}

/** A container that exists. */
interface Seen {
  id: string;
  millis: number;
  /** Nobody of this run made or changed it, and it does not have its limit: it is left as it is. */
  foreign: boolean;
  sample?: { at: number; cpuNanos: number };
  used?: number;
}

const SERVER = "server";
/** Of a server's limit: one that uses less has nobody to serve. */
const IDLE_PART = 0.1;
/** Of its limit: one that uses less while it starts waits for something, as a server for its database. */
const WAITING_PART = 0.5;
const LOOK_AGAIN_MS = 1500;

/**
 * Lends a container that starts what the others of its region do not use, and takes it back. What all of them may use
 * never exceeds what was sold: room is made before a container is made, and what is lowered is lowered first. Pulumi
 * sees the steady limits alone.
 */
export class StartCpu {
  readonly #docker: Docker;
  /** Roles whose container is about to be made, or gets ready. */
  readonly #phases = new Map<string, "coming" | "starting">();
  #seen: Map<string, Seen> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly args: StartCpuArgs) {
    this.#docker = engine(args.host.dockerHost);
  }

  /** Makes room for a container that is about to be made, with its own limit. */
  announce(role: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#phases.set(role, "coming");
      this.#seen?.delete(role);
      await this.#balance();
    });
  }

  /** From now on the container may use what the others leave. */
  begin(role: string, id: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#phases.set(role, "starting");
      this.#seen ??= await this.#look();
      this.#seen.set(role, { id, millis: this.#steady(role), foreign: false });
      await this.#measure();
      await this.#balance();
      this.#timer ??= setInterval(() => void this.#lookAgain(), LOOK_AGAIN_MS).unref();
    });
  }

  /** The container is ready, or is waited for no longer: it has its own limit again, and so have those that lent. */
  end(role: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#phases.delete(role);
      await this.#balance();
    });
  }

  /**
   * Gives a container its limits, and reads back what it got. While others start, it may be one that lends.
   * @throws Error when the container has other limits afterwards
   */
  apply(role: string, id: string, limits: ContainerLimits): Promise<void> {
    return this.#inTurn(async () => {
      const before = this.#seen?.get(role);
      const millis = before?.id === id ? before.millis : limits.cpuMillis;
      this.#phases.delete(role);
      this.#seen?.set(role, { ...before, id, millis, foreign: false });
      await this.#balance();
      const cpuMillis = this.#seen?.get(role)?.millis ?? limits.cpuMillis;
      await applyLimits(this.#docker, id, { ...limits, cpuMillis });
    });
  }

  /** One after the other, so that nobody is given what somebody else is about to get. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Sets what everybody may use. When nobody starts any more, that is the steady limit, and the account is closed. */
  async #balance(): Promise<void> {
    if (!this.#seen) return;
    const seen = this.#seen;
    const goal = shares(this.args.totalMillis, this.#members(seen));
    const moves = [...seen].flatMap(([role, one]) => {
      const millis = goal.get(role) ?? one.millis;
      return millis === one.millis ? [] : [{ role, one, millis }];
    });
    await Promise.all(moves.filter(({ one, millis }) => millis < one.millis).map((move) => this.#move(move)));
    await Promise.all(moves.filter(({ one, millis }) => millis > one.millis).map((move) => this.#move(move)));
    if ([...this.#phases.values()].includes("starting")) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#seen = undefined;
  }

  async #move({ role, one, millis }: { role: string; one: Seen; millis: number }): Promise<void> {
    const quota = { CpuPeriod: CPU_PERIOD_MICROS, CpuQuota: cpuQuota({ cpuMillis: millis }) };
    try {
      await this.#docker.getContainer(one.id).update(quota);
      one.millis = millis;
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 404) throw error;
      // Removed in this very run.
      this.#seen?.delete(role);
    }
  }

  #members(seen: ReadonlyMap<string, Seen>): Map<string, Member> {
    const isIdle = this.#isIdle(seen);
    const roles = new Set([...seen.keys(), ...this.#phases.keys()]);
    return new Map(
      [...roles].map((role): [string, Member] => {
        const one = seen.get(role);
        const steady = this.#steady(role);
        if (one?.foreign) return [role, { steady, as: "keeping", fixed: one.millis }];
        const phase = this.#phases.get(role);
        const lending: Member = { steady, as: "lending", used: one?.used };
        if (phase === "starting") {
          const waits = one?.used !== undefined && one.used < steady * WAITING_PART;
          return [role, waits ? lending : { steady, as: "starting" }];
        }
        const lends = isIdle && phase === undefined && this.args.lenders.includes(role);
        return [role, lends ? lending : { steady, as: "keeping" }];
      }),
    );
  }

  /** Is there nobody who plays? No server, one that starts, or one that has nothing to do. */
  #isIdle(seen: ReadonlyMap<string, Seen>): boolean {
    const server = seen.get(SERVER);
    if (!server || this.#phases.has(SERVER)) return true;
    return server.used !== undefined && server.used < this.#steady(SERVER) * IDLE_PART;
  }

  #steady(role: string): number {
    return this.args.steady.get(role) ?? 0;
  }

  /** What the Engine has of this region. */
  async #look(): Promise<Map<string, Seen>> {
    const { host, area, steady } = this.args;
    const label = [`${STACK_LABEL}=${await known(host.stackId)}`, `${REGION_LABEL}=${area}`];
    const found = await this.#docker.listContainers({ all: true, filters: { label } });
    const seen = await Promise.all(
      found.map(async ({ Id, Labels }): Promise<[string, Seen][]> => {
        const role = Labels[ROLE_LABEL] ?? "";
        const info = await this.#docker.getContainer(Id).inspect().catch(gone);
        // A short job, such as the one that writes configuration, has no limit and no part in this.
        if (!info?.HostConfig.CpuQuota) return [];
        const millis = (info.HostConfig.CpuQuota * 1000) / CPU_PERIOD_MICROS;
        return [[role, { id: Id, millis, foreign: millis !== steady.get(role) }]];
      }),
    );
    return new Map(seen.flat());
  }

  /** What everybody has used since the last look decides who lends. */
  async #lookAgain(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#measure();
      await this.#balance();
      // What could not be set is tried again at the next look, and verified at the end of all.
    }).catch(() => undefined);
  }

  async #measure(): Promise<void> {
    const seen = [...(this.#seen?.values() ?? [])];
    // The Engine never answers what a paused container uses, and everybody would wait for it.
    const filters = { id: seen.map(({ id }) => id), status: ["running"] };
    const running = new Set((await this.#docker.listContainers({ filters })).map(({ Id }) => Id));
    for (const one of seen) if (!running.has(one.id)) one.used = one.sample = undefined;
    await Promise.all(seen.filter(({ id }) => running.has(id)).map((one) => this.#sample(one)));
  }

  async #sample(one: Seen): Promise<void> {
    const stats = await this.#docker
      .getContainer(one.id)
      .stats({ stream: false, "one-shot": true })
      .catch(gone);
    // Of one that has just ended, the Engine knows no figures.
    const cpuNanos = stats?.cpu_stats?.cpu_usage?.total_usage;
    if (cpuNanos === undefined) return;
    const sample = { at: Date.now(), cpuNanos };
    const { sample: last } = one;
    one.sample = sample;
    if (!last || sample.at <= last.at) return;
    one.used = (sample.cpuNanos - last.cpuNanos) / 1000 / (sample.at - last.at);
  }
}
