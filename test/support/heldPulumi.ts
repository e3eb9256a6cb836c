import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLocks } from "../../operations/deploy/recover/lock";
import { objectsOf } from "./containers";
import type { Project } from "./project";
import { eventually } from "./wait";

/**
 * A `pulumi` that does what the real one does, and then keeps whoever called it waiting after one of its commands: a
 * run that is overtaken at this very point, on any machine.
 */
export class HeldPulumi {
  private readonly folder: string;

  /**
   * @param root folder for its files
   * @param command the first words of the command to be held after, the first time only
   */
  constructor(
    root: string,
    private readonly command: string,
  ) {
    this.folder = join(root, `held-${command.replace(/\W/g, "-")}`);
    mkdirSync(this.folder, { recursive: true });
    const script = `#!/bin/sh
PATH="\${PATH#*:}"
pulumi "$@"
code=$?
case "$*" in "${command}"*) if mkdir "${this.folder}/once" 2>/dev/null; then
  while [ ! -e "${this.folder}/go" ]; do sleep 0.1; done
fi ;; esac
exit $code
`;
    writeFileSync(join(this.folder, "pulumi"), script, { mode: 0o755 });
  }

  /** An environment in which it is found first. */
  env(env: Record<string, string>): Record<string, string> {
    return { ...env, PATH: `${this.folder}:${env.PATH}` };
  }

  isReached(): Promise<true> {
    return eventually(
      `\`pulumi ${this.command}\` has been called`,
      () => existsSync(join(this.folder, "once")) || undefined,
      { pauseMs: 50 },
    );
  }

  release(): void {
    writeFileSync(join(this.folder, "go"), "");
  }
}

/**
 * Stops the process that holds a stack's lock, when Docker has a container of this name that its state need not know
 * yet: half-way, for as long as somebody else takes on any machine.
 * @param start how the container's name begins, without the stack's prefix
 * @param folder where the state is
 * @returns what lets the process go on
 */
export async function stopAt(project: Project, start: string, folder: string): Promise<() => void> {
  const pid = await eventually(
    `a container ${start}`,
    async () => {
      const { containers } = await objectsOf(project);
      if (!containers.some((name) => name.startsWith(start))) return undefined;
      return readLocks(folder, "nexus", project.stack)[0]?.pid;
    },
    { pauseMs: 30 },
  );
  process.kill(pid, "SIGSTOP");
  return () => process.kill(pid, "SIGCONT");
}
