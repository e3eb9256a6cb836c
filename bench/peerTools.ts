import { join } from "node:path";
import type { TestRun } from "../test/support/run";

/** A program that we are measured against; `toolchain/` builds it. @throws Error where it is not built */
export function peerTool({ peers }: TestRun, name: "docker-compose"): string {
  if (peers === undefined) throw new Error(`${name} is not built; that takes Go (toolchain/README.md)`);
  return join(peers, name);
}
