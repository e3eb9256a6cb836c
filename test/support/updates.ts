import { createInterface } from "node:readline";
import { docker } from "./containers";

/** When limits of containers were changed. */
export interface WatchedUpdates {
  /** Milliseconds since 1970 of each change of one of these containers so far, in their order. */
  of(ids: Iterable<string>): number[];
  stop(): void;
}

/** Watches the Engine's own reports of changed limits. Live, because it keeps only a few hundred past events. */
export async function watchUpdates(): Promise<WatchedUpdates> {
  const stream = await docker.getEvents({ filters: { type: ["container"], event: ["update"] } });
  const seen: { id: string; at: number }[] = [];
  createInterface({ input: stream }).on("line", (line) => {
    const { Actor, timeNano } = JSON.parse(line) as { Actor: { ID: string }; timeNano: number };
    seen.push({ id: Actor.ID, at: timeNano / 1e6 });
  });
  return {
    of: (ids) => {
      const wanted = new Set(ids);
      return seen.filter(({ id }) => wanted.has(id)).map(({ at }) => at);
    },
    stop: () => (stream as unknown as { destroy(): void }).destroy(),
  };
}
