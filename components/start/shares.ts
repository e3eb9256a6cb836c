/*
 * Who may use how much of the CPU that a region, or the Nexus, was sold, while some of its containers start. Pure; all
 * numbers are thousandths of a CPU.
 */

/** A container that exists, or is about to be made. */
export interface Member {
  /** Its limit when nothing starts. */
  steady: number;
  /**
   * - `starting`: gets ready, and may use what the others leave
   * - `lending`: runs, and is not waited for: keeps what it uses and the half of it, a third of its limit at the least
   * - `keeping`: has its limit
   */
  as: "starting" | "lending" | "keeping";
  /** Of one that lends: what it used lately; undefined while nobody knows, and then it keeps its limit. */
  used?: number;
  /** Has its limit from somebody else: it is counted with that, and left as it is. */
  fixed?: number;
}

/** Docker's shortest CPU quota is 1 ms of a 100 ms period. */
const STEP = 10;
/** A third, two thirds or all: few steps, as each change is work for the Engine. */
const PARTS = 3;
/** What uses all that it kept gets more at the next look, so it must be seen to want more. */
const MARGIN = 1.5;

/**
 * The limit of every member. Together they never exceed the total, as long as the steady limits do not; nobody who
 * starts gets less than its own. Where nobody starts, or all who do wait for something, nobody lends.
 */
export function shares(total: number, members: ReadonlyMap<string, Member>): Map<string, number> {
  const all = [...members];
  if (!all.some(([, { as }]) => as === "starting"))
    return new Map(all.map(([name, { steady, fixed }]) => [name, fixed ?? steady]));
  const kept = all.map(([name, member]): [string, number] => [name, keeps(member)]);
  const extra = Math.max(total - kept.reduce((sum, [, millis]) => sum + millis, 0), 0);
  const starting = all.reduce((sum, [, { as, steady }]) => sum + (as === "starting" ? steady : 0), 0);
  return new Map(
    kept.map(([name, millis]) => {
      const isStarting = members.get(name)?.as === "starting";
      return [name, isStarting ? roundDown(millis + (extra * millis) / starting) : millis];
    }),
  );
}

function keeps({ as, steady, used, fixed }: Member): number {
  if (fixed !== undefined) return fixed;
  if (as !== "lending" || used === undefined) return steady;
  const parts = Math.min(Math.max(Math.ceil((used * MARGIN * PARTS) / steady), 1), PARTS);
  return parts === PARTS ? steady : Math.ceil((steady * parts) / PARTS / STEP) * STEP;
}

function roundDown(millis: number): number {
  return Math.floor(millis / STEP) * STEP;
}
