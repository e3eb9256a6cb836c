import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../config/problems";
import { LOCK_FILE, readLock, renderLock } from "../../images/lockFile";
import { type Asker, askDigests, newPins, pinChanges, tagsOf } from "../../images/pin";
import { readStack } from "../../platform";
import { stacksIn } from "../../setup/stack";
import { shortName } from "../deploy/state/open";
import { badInput, Failure } from "../failure";
import { connect } from "./client";

export interface PinHow {
  /** Only this stack's images; pins of the others stay. All stacks when absent. */
  stack?: string;
  /** Write nothing. */
  check: boolean;
  /** Ask through this Docker Engine in place of each stack's own. */
  dockerHost?: string;
}

export interface Pinned {
  /** Lines of the lock file that changed, or would. */
  changes: string[];
  /** How many images were asked for. */
  asked: number;
  /** What could not be asked for; its pins are as before. */
  problems: string[];
}

/**
 * Pins what could be asked for, and tells what could not: a registry that is away keeps nobody else from a new digest.
 * @throws ConfigError or Failure (bad input) when the one stack that was named cannot be asked for
 */
export async function pinImages(projectDir: string, how: PinHow): Promise<Pinned> {
  const before = readLock(projectDir).digests;
  const { askers, problems, complete } = await askersOf(projectDir, how);
  const { digests, failures } = await askDigests(askers);
  problems.push(...failures.map(({ stack, ref, why }) => `stack ${stack}: ${ref}: ${why}`));
  const now = newPins(before, digests, complete ? askers.flatMap(({ refs }) => refs) : undefined);
  const changes = pinChanges(before, now);
  if (!how.check && changes.length > 0) writeFileSync(join(projectDir, LOCK_FILE), renderLock(now));
  return { changes, asked: Object.keys(digests).length, problems };
}

interface Asked {
  askers: Asker[];
  problems: string[];
  /** Are these all that any stack names? */
  complete: boolean;
}

/** The stacks whose images are asked for, each with its Engine, and why others are not. */
async function askersOf(projectDir: string, how: PinHow): Promise<Asked> {
  const chosen = how.stack === undefined ? undefined : chosenStack(how.stack, projectDir);
  const asked: Asked = { askers: [], problems: [], complete: chosen === undefined };
  for (const stack of chosen === undefined ? stacksIn(projectDir) : [chosen]) {
    try {
      asked.askers.push(...(await askerOf(stack, projectDir, how.dockerHost)));
    } catch (error) {
      const isKnown = error instanceof ConfigError || error instanceof Failure;
      if (chosen !== undefined || !isKnown) throw error;
      asked.problems.push(`stack ${stack}: ${error.message}`);
      asked.complete = false;
    }
  }
  return asked;
}

function chosenStack(name: string, projectDir: string): string {
  const stack = shortName(name);
  const stacks = stacksIn(projectDir);
  if (stacks.includes(stack)) return stack;
  throw badInput(
    `--stack "${stack}" was given; there are ${stacks.join(", ") || "no stacks"}. Write Pulumi.${stack}.yaml, or choose one of them.`,
  );
}

/** None for a stack of local images: it needs no Engine here. */
async function askerOf(stack: string, projectDir: string, dockerHost?: string): Promise<Asker[]> {
  const { settings, problems } = readStack({ projectDir, stack });
  if (!settings) throw new ConfigError(problems);
  const refs = tagsOf(settings);
  if (refs.length === 0) return [];
  const docker = await connect(dockerHost ?? settings.dockerHost);
  return [{ stack, docker, refs, logins: { registries: settings.registries, projectDir } }];
}
