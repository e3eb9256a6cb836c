import { pack } from "tar-stream";
import { LOCAL_REPOSITORY, localRefs } from "../../images/recipes";
import { docker } from "./containers";
import { NAME_START, type TestRun } from "./run";
import { REPOSITORY } from "./toolchain";

/** What a slow game server costs, in CPU-seconds. */
export interface Slowness {
  server: number;
  worker: number;
  /** Of one health test: 0.3 is what it costs to start Python. */
  health: number;
}

/**
 * Settings with which Nexus, regions and workers run the stand-in as slowly as the real game starts. The image differs
 * from the stand-in in its environment alone.
 * @returns the settings, and what removes the images again
 */
export async function slowServer(
  run: TestRun,
  { server, worker, health }: Slowness,
): Promise<{ settings: Record<string, unknown>; remove: () => Promise<void> }> {
  const refOf = (name: string) => `${LOCAL_REPOSITORY}/${NAME_START}${run.id}-${name}:1.0`;
  const make = async (name: string, seconds: number) => {
    const ref = refOf(name);
    const context = pack();
    context.entry(
      { name: "Dockerfile" },
      `FROM ${localRefs(REPOSITORY)["game-server"]}\nENV START_CPU_SECONDS=${seconds} HEALTH_CPU_MS=${health * 1000}\n`,
    );
    context.finalize();
    const progress = await docker.buildImage(context, { t: ref });
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
    );
    return { ref, startCpuSeconds: seconds, healthCpuSeconds: health };
  };
  const settings = {
    "nexus:imageOverrides": {
      gameServer: { ...(await make("slow-server", server)), health: ["CMD", "/app/healthcheck", "server"] },
      worker: { ...(await make("slow-worker", worker)), health: ["CMD", "/app/healthcheck", "worker"] },
    },
  };
  const remove = async () => {
    for (const name of ["slow-server", "slow-worker"])
      await docker.getImage(refOf(name)).remove({ force: true });
  };
  return { settings, remove };
}
