import { PINNED } from "../setup/node/pinned";

/** The JavaScript of a service and its npm packages as one file, so that its image needs no node_modules. */
export async function bundleService(entry: string): Promise<string> {
  // Loaded here, because a run that has nothing to make should not wait for the bundler.
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    // The Node of the local images, whatever Node runs the build.
    target: `node${PINNED?.version ?? ""}`,
    format: "cjs",
    legalComments: "eof",
    logLevel: "silent",
    // An optional native driver that `pg` looks for and that nothing here installs.
    external: ["pg-native"],
  });
  return result.outputFiles[0]?.text ?? "";
}
