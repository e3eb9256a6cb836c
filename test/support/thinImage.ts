import type Docker from "dockerode";
import { pack } from "tar-stream";

/** Builds an image that adds a few lines to another one, such as the VOLUME that the official ones have. */
export async function buildThinImage(
  docker: Docker,
  from: string,
  name: string,
  lines: string[],
): Promise<void> {
  const context = pack();
  const { Config } = await docker.getImage(from).inspect();
  context.entry(
    { name: "Dockerfile" },
    [`FROM ${from}`, "USER 0", ...lines, `USER ${Config.User || 0}`, ""].join("\n"),
  );
  context.finalize();
  const progress = await docker.buildImage(context as unknown as NodeJS.ReadableStream, {
    t: name,
    networkmode: "none",
  });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(progress, (error, steps: { error?: string }[]) => {
      const failure = error ?? steps.find((step) => step.error);
      if (failure) reject(new Error(`${name} was not built: ${JSON.stringify(failure)}`));
      else resolve();
    }),
  );
}
