import { formatSize } from "../../../config/units";
import { NEXUS_TYPE } from "./area";
import type { Impact } from "./impact";
import type { Step } from "./steps";

/** What a step with a region's component means for its disk (ADR 0008): it grows, or nothing. */
export function diskImpact({ kind, type, old, new: now }: Step): Partial<Impact> {
  if (kind !== "update" || !old || !now) return {};
  const [had, gets] = [old.inputs.diskMeans, now.inputs.diskMeans];
  // A component of an earlier version does not say.
  if (had !== undefined && had !== gets) return { refused: [gets === "loop" ? NEEDS_MOVE : LOST] };
  const [from, to] = [Number(old.inputs.diskBytes), Number(now.inputs.diskBytes)];
  if (gets !== "loop" || from === to) return {};
  if (to > from) return { inPlace: [{ container: "all volumes", what: ["disk"] }] };
  return {
    refused: [
      `its disk has ${formatSize(from)}, and now shall have ${formatSize(to)}. A disk only grows: set ` +
        `${type === NEXUS_TYPE ? "nexus:disk" : "resources.disk"} to ${formatSize(from)} or more`,
    ],
  };
}

const NEEDS_MOVE =
  "its data was written without a disk limit, and its host can keep one now: move the data first " +
  "(docs/operations.md, Disks)";

const LOST =
  "it has a disk of its own, and its host cannot mount one any more: see what changed there " +
  "(docs/operations.md, Disks)";
