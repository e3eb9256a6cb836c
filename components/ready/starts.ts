import { AsyncResource } from "node:async_hooks";
import { Readable } from "node:stream";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { DesiredContainer } from "../../catalog/desired";
import { CHEAP, isDear, isSlow, patience } from "../../regions/patience";
import { engine, gone } from "../engine";
import { outputOf } from "../exec";
import type { HostArgs } from "../host";
import { known } from "../known";
import { applyLimits } from "../resize";
import { StartCpu, type StartCpuArgs } from "../start/startCpu";
import { type Unready, unreadyText, withoutSecrets } from "./failure";
import { type Look, lookFrom } from "./look";
import { untilReady } from "./wait";

interface Member {
  desired: DesiredContainer;
  container: docker.Container;
}

const LOG_LINES = 10;

/**
 * The containers of a region, or of the Nexus, while they start: who waits for one gets the same answer, and it has the
 * CPU that its region can lend until then. For hooks: what they use is known when they run.
 */
export class Starts {
  readonly #docker: Docker;
  readonly #cpu?: StartCpu;
  readonly #members = new Map<string, Member>();
  readonly #waits = new Map<string, Promise<Look>>();
  /** A hook is called from outside of the program, where Pulumi would print what it is told, and not show it. */
  readonly #say = AsyncResource.bind((text: string) => void pulumi.log.info(text));

  /** @param lending what a start may be lent; default: nothing */
  constructor(
    host: HostArgs,
    private readonly lending?: Omit<StartCpuArgs, "host">,
  ) {
    this.#docker = engine(host.dockerHost);
    if (lending) this.#cpu = new StartCpu({ host, ...lending });
  }

  add(desired: DesiredContainer, container: docker.Container): void {
    this.#members.set(desired.role, { desired, container });
  }

  /** Ids by role. */
  get ids(): Record<string, pulumi.Output<string>> {
    return Object.fromEntries([...this.#members].map(([role, { container }]) => [role, container.id]));
  }

  /**
   * Before a container is made: what it depends on is ready, and there is room for it.
   * @param after roles
   * @throws Error with what is not ready
   */
  async before({ role }: DesiredContainer, after: readonly string[]): Promise<void> {
    await this.require(after);
    await this.#cpuFor(role)?.announce(role);
  }

  /** After it was made: it has its limits, and a slow one more than that until it is ready. */
  async made(desired: DesiredContainer, id: string): Promise<void> {
    const { role, limits, image } = desired;
    await this.limit(desired, id);
    const cpu = this.#cpuFor(role);
    if (!cpu || !image.needs || !isSlow(image.needs, limits.cpuMillis)) return;
    // A start without more CPU is slower, and no failure; what is left behind is seen by `verify`.
    const lent = (work: Promise<void>) =>
      work.catch((error: Error) =>
        this.#say(
          `${desired.name}: its region's CPU was not lent to its start as it should be: ${error.message}`,
        ),
      );
    await lent(cpu.begin(role, id));
    // Not waited for here: others are made meanwhile. Who needs it asks again, and is told what went wrong.
    const ready = this.#wait(desired).finally(() => lent(cpu.end(role)));
    ready.catch(() => undefined);
    this.#waits.set(role, ready);
  }

  /** Gives a container its limits. @throws Error when it has others afterwards */
  limit({ role, limits }: DesiredContainer, id: string): Promise<void> {
    return this.#cpuFor(role)?.apply(role, id, limits) ?? applyLimits(this.#docker, id, limits);
  }

  /**
   * Waits until all of them are ready, side by side, and then looks once more whether all still run.
   * @throws Error with all that are not
   */
  async require(roles: readonly string[]): Promise<void> {
    const members = roles.flatMap((role) => this.#members.get(role) ?? []);
    const looks = await Promise.all(
      members.map(async (member) => ({ member, look: await this.#ready(member.desired) })),
    );
    const failures = await Promise.all(
      looks.map(async ({ member, look }) => {
        if (!look.isReady) return this.#unready(member, look, false);
        const info = await this.#docker.getContainer(member.desired.name).inspect().catch(gone);
        const now = info ? lookFrom(info) : { ...look, state: "gone" };
        const runsOn = now.state === "running" && now.startedAt === look.startedAt;
        return runsOn ? undefined : this.#unready(member, now, true);
      }),
    );
    const unready = failures.filter((one) => one !== undefined);
    if (unready.length > 0) throw new Error(unreadyText(unready));
  }

  #cpuFor(role: string): StartCpu | undefined {
    return this.lending?.steady.has(role) ? this.#cpu : undefined;
  }

  #ready(desired: DesiredContainer): Promise<Look> {
    const ready = this.#waits.get(desired.role) ?? this.#wait(desired);
    this.#waits.set(desired.role, ready);
    return ready;
  }

  #wait({ name, image, limits }: DesiredContainer): Promise<Look> {
    const needs = image.needs ?? CHEAP;
    const patienceSeconds = patience(needs, limits.cpuMillis);
    return untilReady(this.#docker, {
      container: name,
      patienceSeconds,
      isDear: isDear(needs),
      onLong: (seconds) => {
        const expected =
          needs.startCpuSeconds > 0 ? `about ${needs.startCpuSeconds} CPU-seconds are expected, and ` : "";
        this.#say(
          `${name} has been starting for ${seconds} s; ${expected}it is waited for up to ${patienceSeconds} s.`,
        );
      },
    });
  }

  async #unready({ desired, container }: Member, look: Look, answered: boolean): Promise<Unready> {
    const { name, image, limits } = desired;
    const patienceSeconds = patience(image.needs ?? CHEAP, limits.cpuMillis);
    const on = this.#docker.getContainer(name);
    const [info, log, urn] = await Promise.all([
      on.inspect().catch(() => undefined),
      on.logs({ stdout: true, stderr: true, tail: LOG_LINES }).catch(() => Buffer.alloc(0)),
      known(container.urn),
    ]);
    const hide = (text: string): string => withoutSecrets(text, info?.Config.Env ?? []);
    const lines = hide(await outputOf(this.#docker, Readable.from([log]))).split("\n");
    const { check } = look;
    return {
      ...{ name, urn, answered, patienceSeconds },
      look: { ...look, ...(check && { check: { ...check, output: hide(check.output) } }) },
      log: lines.map((line) => line.trimEnd()).filter((line) => line !== ""),
    };
  }
}
