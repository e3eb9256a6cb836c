import type { Desired } from "../../catalog/desired";
import { formatSize } from "../../config/units";
import { count } from "../words";
import { roundedSize } from "./disk";
import { type Note, UNKNOWN_REGION } from "./drift";
import type { Observed, ObservedContainer } from "./observed";

/** What an operator would want to know although it is no drift. Pure. */
export function notes(desired: Desired, observed: Observed): Note[] {
  return [
    ...observed.containers.flatMap(containerNotes),
    ...hostNotes(observed),
    ...diskNotes(desired, observed),
  ];
}

function containerNotes({ name, region, restarts, kills, state, health }: ObservedContainer): Note[] {
  const note = (text: string): Note => ({ region: region ?? UNKNOWN_REGION, container: name, text });
  return [
    ...(restarts > 0 ? [note(`ended by itself and was restarted ${count(restarts, "time")}`)] : []),
    ...(kills
      ? [note(`${count(kills, "process", "processes")} killed at the memory limit since its start`)]
      : []),
    ...(state === "running" && health === "starting"
      ? [note("is not healthy yet: it has just started")]
      : []),
  ];
}

/** Said once for the whole host. */
function hostNotes({ containers }: Observed): Note[] {
  const running = containers.flatMap(({ enforced }) => enforced ?? []);
  const told = running.filter(({ source }) => source === "engine").length;
  const noSwap = running.filter(({ limits }) => limits.swapBytes === undefined).length;
  const note = (text: string): Note => ({ region: "", container: "", text });
  return [
    ...(told > 0
      ? [
          note(
            `the limits of ${count(told, "container")} were read from the Engine: memory and pids as its kernel enforces ` +
              "them, CPU and swap as it was told to set them",
          ),
        ]
      : []),
    ...(noSwap > 0 ? [note("this host's kernel does not count swap, so that limit is not enforced")] : []),
  ];
}

function diskNotes(desired: Desired, { disks }: Observed): Note[] {
  return desired.disks.flatMap(({ region, sizeBytes: diskBytes }) => {
    const disk = disks.get(region);
    if (!disk) return [];
    const used =
      disk.usedBytes === undefined ? "" : `${roundedSize(disk.usedBytes)} of ${formatSize(diskBytes)} used`;
    if (disk.means !== "none") return used ? [{ region, container: "", text: `disk: ${used}` }] : [];
    return [{ region, container: "", text: `disk limit not enforced on this host${used && `; ${used}`}` }];
  });
}
