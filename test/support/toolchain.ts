import { createRequire } from "node:module";
import { resolve } from "node:path";

/** This repository. */
export const REPOSITORY = resolve(__dirname, "../..");

/** The environment in which the set-up would run a command, or what is missing for that. */
export type Toolchain =
  | { env: NodeJS.ProcessEnv; pulumiHome: string; servers?: string; peers?: string; missing?: undefined }
  | { missing: string };

/** The part of `setup/` that is used here. */
interface Setup {
  steps: { name: string }[];
  createContext(given: object, stack: { name: string }): object;
  planAll(
    steps: object[],
    context: object,
  ): Promise<{ work: { step: { name: string }; todo: string }[]; problems: string[] }>;
  commandEnv(context: object): NodeJS.ProcessEnv;
  toolsBin(context: object, set: "test-tools" | "bench-peers"): string | undefined;
}

/**
 * Finds Pulumi, its providers and a Docker Engine as `setup/run.js` does, and installs nothing: `npm test` has done
 * that, and whoever starts the test runner by hand may not want it.
 */
export async function findToolchain(): Promise<Toolchain> {
  const setup = loadSetup();
  const given = {
    root: REPOSITORY,
    env: process.env,
    needs: setup.steps.map(({ name }) => name),
    ui: { say: () => undefined, close: () => undefined },
    signal: new AbortController().signal,
    dryRun: true,
  };
  const context = setup.createContext(given, { name: "dev" });
  const { work, problems } = await setup.planAll(setup.steps, context);
  const missing = [...problems, ...work.map(({ step, todo }) => `${step.name}: would ${todo}`)];
  if (missing.length > 0) return { missing: missing.join("; ") };
  const env = setup.commandEnv(context);
  const servers = setup.toolsBin(context, "test-tools");
  return { env, pulumiHome: env.PULUMI_HOME ?? "", servers, peers: setup.toolsBin(context, "bench-peers") };
}

/** `setup/` is plain CommonJS, for a machine on which nothing is installed yet: Node itself has to load it. */
function loadSetup(): Setup {
  const load = createRequire(resolve(REPOSITORY, "setup/run.js"));
  return {
    steps: [
      load("./steps/pulumi.js").pulumi,
      load("./steps/plugins.js").plugins,
      load("./steps/docker.js").docker,
    ],
    createContext: load("./context.js").createContext,
    planAll: load("./runner.js").planAll,
    commandEnv: load("./handover.js").commandEnv,
    toolsBin: load("./steps/builtTools.js").toolsBin,
  };
}
