import type { Deployment } from "../pulumi/deployment";
import { exportFrom } from "../state/stack";

/** A run of Pulumi that has started the program. */
export interface Run {
  projectDir: string;
  /** Its environment: the program is not always in a process of its own. */
  env: NodeJS.ProcessEnv;
}

/** A stack whose update lock is held: by the run of Pulumi that started this program. */
export interface Held extends Run {
  /** The stack's name without organisation and project. */
  name: string;
  /** The stack's name for pulumi. */
  qualified: string;
}

/** The state, which nobody but this very run can change now. Before the program declares anything it is as found. */
export async function stateNow({ projectDir, env, qualified }: Held): Promise<Deployment> {
  return (
    (await exportFrom({ cwd: projectDir, env }, qualified, "at the backend of this run"))?.deployment ?? {}
  );
}
