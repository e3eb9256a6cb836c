import type { Deployment } from "../pulumi/deployment";
import { exportFrom } from "../state/stack";

/** A stack whose update lock is held: by the run of Pulumi that started this program. */
export interface Held {
  projectDir: string;
  /** The stack's name without organisation and project. */
  name: string;
  /** The stack's name for pulumi. */
  qualified: string;
}

/** The state, which nobody but this very run can change now. Before the program declares anything it is as found. */
export async function stateNow({ projectDir, qualified }: Held): Promise<Deployment> {
  const place = { cwd: projectDir, env: process.env };
  return (await exportFrom(place, qualified, "at the backend of this run"))?.deployment ?? {};
}
