import type Docker from "dockerode";
import { gone } from "../engine";
import { type Tried, tryIn } from "../exec";
import { readyCheck } from "./check";

/** What was seen of a container at one moment. */
export interface Look {
  /** Docker's word, or `gone`. */
  state: string;
  isReady: boolean;
  /** When it was started last; Docker starts one that ends anew. */
  startedAt: string;
  /** How often Docker started it anew. */
  restarts: number;
  /** Of its last end; 0 for one that never ended. */
  exitCode: number;
  /** Did the kernel end it for its memory? */
  outOfMemory: boolean;
  /** What its check did, where it was run and failed. */
  check?: Tried & { command: string[] };
}

/**
 * Asks one container again and again whether it is ready. Nobody can end a check that hangs, so there is never a second
 * one beside it: until it ends, Docker's own word counts.
 */
export class Asker {
  #last?: NonNullable<Look["check"]>;

  /** @param container its name or id */
  constructor(
    private readonly docker: Docker,
    private readonly container: string,
  ) {}

  /** @throws the Engine's error, but for a container that is not there */
  async look(): Promise<Look> {
    const info = await this.docker.getContainer(this.container).inspect().catch(gone);
    if (!info) return GONE;
    const seen = lookFrom(info);
    const check = readyCheck(info.Config.Healthcheck);
    if (seen.state !== "running" || !check) return { ...seen, isReady: seen.state === "running" };
    if (await this.#hangs()) {
      return { ...seen, isReady: info.State.Health?.Status === "healthy", check: this.#last };
    }
    const tried = await tryIn(this.docker, info.Id, check.command, check.limitMs);
    this.#last = { ...tried, command: check.command };
    return { ...seen, isReady: tried.code === 0, ...(tried.code !== 0 && { check: this.#last }) };
  }

  async #hangs(): Promise<boolean> {
    const exec = this.#last?.code === undefined ? this.#last?.exec : undefined;
    return (await exec?.inspect().catch(gone))?.Running === true;
  }
}

const GONE: Look = {
  ...{ state: "gone", isReady: false, startedAt: "", restarts: 0, exitCode: 0, outOfMemory: false },
};

/** Without running its check: it is not called ready. */
export function lookFrom({ State, RestartCount }: Docker.ContainerInspectInfo): Look {
  return {
    state: State.Status,
    isReady: false,
    startedAt: State.StartedAt,
    restarts: RestartCount,
    exitCode: State.ExitCode,
    outOfMemory: State.OOMKilled,
  };
}

/** As what a container counts that was started and has not answered well yet. */
export type Verdict = "ready" | "starting" | "failed";

/**
 * Is a container that nobody has seen ready, or can it still become so? Pure.
 * @param patienceSeconds how long its start may take
 */
export function judgeStart(look: Look, patienceSeconds: number, now = Date.now()): Verdict {
  if (look.isReady) return "ready";
  const isYoung = now - Date.parse(look.startedAt) < patienceSeconds * 1000;
  return look.state === "running" && look.restarts === 0 && isYoung ? "starting" : "failed";
}
