import { MEASURE_ROLE } from "../../../catalog/names";
import type { Verdict } from "../../../components/ready/look";
import { READY_TYPE, type ReadyInputs } from "../../../components/ready/ready";
import { count, listed } from "../../words";
import {
  type Deployment,
  DOCKER_CONTAINER,
  DOCKER_NETWORK,
  DOCKER_VOLUME,
  nameOf,
  resourcesOf,
  type StateResource,
} from "../pulumi/deployment";

/** What the Engine holds, as far as recovery looks. */
export interface EngineObjects {
  /** Containers and networks that carry this stack's label. */
  own: OwnObject[];
  /** Ids of all containers and networks, names of all volumes. */
  existing: ReadonlySet<string>;
  /** By id, of {@link unproven} containers that are there. */
  starts: ReadonlyMap<string, Verdict>;
}

export interface OwnObject {
  kind: "container" | "network";
  id: string;
  name: string;
  /** Docker's word for a container's state: `created`, `running`, `exited`, ... */
  state?: string;
  /** By its label. */
  role?: string;
}

/** What must be put right before the next `up`, because the last one was killed or somebody used Docker by hand. */
export interface RecoveryPlan {
  /** Ours by their label, unknown to the state. They hold no data and are made again. */
  orphans: OwnObject[];
  /** In the state, gone from Docker. */
  lost: StateResource[];
  /** Containers that should run and do not. */
  stopped: StateResource[];
  /** Containers of which Pulumi did not see that they run, as when the connection broke. They do, and can still get ready. */
  well: StateResource[];
  /** Containers that were never seen ready, and can get so no more: not for recovery, but to be replaced by the `up`. */
  failed: StateResource[];
  /** Steps that began and never ended. */
  pending: number;
}

const REAL_TYPES = [DOCKER_CONTAINER, DOCKER_NETWORK, DOCKER_VOLUME];
const STOPPED_STATES = new Set(["created", "exited", "dead"]);

/** Compares the state with the Engine. Pure: decides, changes nothing. */
export function planRecovery(deployment: Deployment, engine: EngineObjects): RecoveryPlan {
  const known = REAL_TYPES.flatMap((type) => resourcesOf(deployment, type));
  const knownIds = new Set(known.map(({ id }) => id));
  const found = new Map(engine.own.map((object) => [object.id, object]));
  const stateOf = ({ id = "" }: StateResource): string => found.get(id)?.state ?? "";
  const startOf = ({ id = "" }: StateResource): Verdict | undefined => engine.starts.get(id);
  return {
    orphans: engine.own.filter((object) => !knownIds.has(object.id) && !measures(object)),
    lost: known.filter(
      (resource) => resource.id && !engine.existing.has(resource.id) && !removesItself(resource),
    ),
    // One that is not whole is recreated: it may lack more than its start.
    stopped: known.filter(
      (one) => one.inputs?.mustRun !== false && !isDoubted(one) && STOPPED_STATES.has(stateOf(one)),
    ),
    well: known.filter((one) => isDoubted(one) && ["ready", "starting"].includes(startOf(one) ?? "")),
    failed: known.filter((one) => startOf(one) === "failed" && !STOPPED_STATES.has(stateOf(one))),
    pending: deployment.pending_operations?.length ?? 0,
  };
}

/** At work for a command that needs no lock: no update lock says that nobody waits for it. It ends by itself. */
function measures({ role, state }: OwnObject): boolean {
  return role === MEASURE_ROLE && state !== "exited";
}

function isDoubted({ initErrors = [], delete: replaced }: StateResource): boolean {
  return initErrors.length > 0 && !replaced;
}

/** Containers that the state does not call ready: what a run made that failed or was killed. Pure. */
export function unproven(deployment: Deployment): StateResource[] {
  const proven = new Set(
    resourcesOf(deployment, READY_TYPE).flatMap(({ inputs }) =>
      Object.values((inputs as ReadyInputs | undefined)?.containers ?? {}),
    ),
  );
  return resourcesOf(deployment, DOCKER_CONTAINER).filter(
    (one) =>
      one.id && !one.delete && one.inputs?.mustRun !== false && (isDoubted(one) || !proven.has(one.id)),
  );
}

/** A one-shot container that Docker removes when it ends is not missing. */
function removesItself(resource: StateResource): boolean {
  return resource.inputs?.rm === true;
}

export function isEmpty(plan: RecoveryPlan): boolean {
  return (
    plan.pending === 0 &&
    [plan.orphans, plan.lost, plan.stopped, plan.well].every((list) => list.length === 0)
  );
}

/** One line per kind of finding. */
export function describePlan(plan: RecoveryPlan): string[] {
  const names = (resources: StateResource[]): string => listed(resources.map(({ urn }) => nameOf(urn)));
  return [
    plan.orphans.length > 0 &&
      `${count(plan.orphans.length, "object")} of an unfinished run, to be removed: ${listed(plan.orphans.map(({ name }) => name))}`,
    plan.lost.length > 0 &&
      `${count(plan.lost.length, "resource")} gone from Docker, to be made again: ${names(plan.lost)}`,
    plan.stopped.length > 0 &&
      `${count(plan.stopped.length, "container")} not running, to be started: ${names(plan.stopped)}`,
    plan.well.length > 0 &&
      `${count(plan.well.length, "container")} whose start was not seen to its end, to be kept: ${names(plan.well)}`,
    plan.pending > 0 && `${count(plan.pending, "unfinished step")} in the state, to be cleared`,
  ].filter((line): line is string => typeof line === "string");
}
