import { setTimeout as sleep } from "node:timers/promises";
import { DOCKER_CONTAINER, resourcesOf } from "../operations/deploy/pulumi/deployment";
import { type Container, containersOf, execIn } from "../test/support/containers";
import { type Project, regionFile, succeeded } from "../test/support/project";

const ROUNDS = 2;
const POLL_MS = 50;

/** Seconds without service when a container of each role is recreated; the catalogue holds the figures. */
export async function interruption(project: Project): Promise<void> {
  project.addRegion(regionFile("aurora", 1));
  await project.up();
  const { deployment } = await project.state();
  const resources = resourcesOf(deployment, DOCKER_CONTAINER);
  const longest = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const container of (await containersOf(project)).values()) {
      const urn = resources.find(({ inputs }) => inputs?.name === `${project.prefix}${container.name}`)?.urn;
      if (urn === undefined) throw new Error(`The state knows no ${container.name}`);
      const gap = await gapWhile(project, container, async () => {
        succeeded(await project.pulumi("up", "--yes", "--skip-preview", "--target-replace", urn));
      });
      console.log(`${container.name.padEnd(28)} ${container.role.padEnd(14)} ${gap.toFixed(1)} s`);
      longest.set(container.role, Math.max(gap, longest.get(container.role) ?? 0));
    }
  }
  console.log(JSON.stringify(Object.fromEntries([...longest].map(([role, gap]) => [role, Math.ceil(gap)]))));
}

/** The longest time without an answer to the container's own health check while something is done to it. */
async function gapWhile(
  project: Project,
  { name, info }: Container,
  work: () => Promise<void>,
): Promise<number> {
  const [kind, ...words] = info.Config.Healthcheck?.Test ?? [];
  const check = kind === "CMD-SHELL" ? ["sh", "-c", ...words] : words;
  let longest = 0;
  let isDone = false;
  const watch = async (): Promise<void> => {
    let last = performance.now();
    for (;;) {
      const end = isDone;
      if (await answers(`${project.prefix}${name}`, check)) {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
        if (end) return;
      }
      await sleep(POLL_MS);
    }
  };
  const watching = watch();
  await work();
  isDone = true;
  await watching;
  return longest / 1000;
}

async function answers(name: string, check: string[]): Promise<boolean> {
  try {
    await execIn(name, check);
    return true;
  } catch {
    return false;
  }
}
