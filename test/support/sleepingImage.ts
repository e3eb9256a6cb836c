import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "tar-stream";
import { IMAGE_NAMES } from "../../catalog/images";
import { LOCAL_REPOSITORY, localRefs } from "../../images/recipes";
import { docker } from "./containers";
import { NAME_START, type TestRun } from "./run";
import { REPOSITORY } from "./toolchain";

/** Programs of the real images that components ask for more than being there. */
const PROGRAMS: Record<string, string> = {
  // The first process of a container ignores signals that it does not handle: removing it would take its whole grace.
  rest: 'trap "exit 0" TERM QUIT INT; while :; do sleep 3600 & wait $!; done',
  initdb: 'mkdir -p "$2"; echo 15 > "$2/PG_VERSION"',
  postgres:
    'case "$1" in --single) cat >/dev/null;; --version) echo "postgres (PostgreSQL) 15.0";; *) exec rest;; esac',
  psql: "exit 0",
  "redis-cli": "echo PONG; echo OK",
  wget: "exit 0",
};

/**
 * Settings that make every role run an image that sleeps, with a health test that always passes. Policies take it
 * for an image of this machine, which it is; like those it stays until a `destroy --data`.
 */
export async function sleepingImages(run: TestRun): Promise<Record<string, unknown>> {
  const ref = `${LOCAL_REPOSITORY}/${NAME_START}${run.id}-sleeping:1.0`;
  const context = pack();
  context.entry(
    { name: "Dockerfile" },
    `FROM ${localRefs(REPOSITORY).base}\nCOPY bin /usr/local/bin\nCMD ["rest"]\n`,
  );
  for (const [name, script] of Object.entries({ ...sleepers(), ...PROGRAMS })) {
    context.entry({ name: `bin/${name}`, mode: 0o755 }, `#!/bin/sh\n${script}\n`);
  }
  context.finalize();
  const progress = await docker.buildImage(context, { t: ref });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
  );
  // Lists of its own for every role: shared ones would be written to the settings file as aliases.
  const cheap = { startCpuSeconds: 1, healthCpuSeconds: 0.01 };
  const override = (role: string) => ({
    ...{ ref, health: ["CMD", "true"] },
    ...(["gameServer", "worker"].includes(role) && cheap),
  });
  return {
    "nexus:imageOverrides": Object.fromEntries(
      [...IMAGE_NAMES.filter((name) => name !== "disk"), "worker"].map((role) => [role, override(role)]),
    ),
    "nexus:healthIntervalSeconds": 3,
  };
}

/** What images run by their Dockerfiles, whatever it is: it sleeps. */
function sleepers(): Record<string, string> {
  const files = globSync(join(REPOSITORY, "images/recipes/*/Dockerfile"));
  const programs = files.flatMap((file) => /^CMD \["([\w-]+)"/m.exec(readFileSync(file, "utf8"))?.[1] ?? []);
  return Object.fromEntries(programs.map((program) => [program, "exec rest"]));
}
