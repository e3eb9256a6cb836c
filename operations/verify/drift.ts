/** One way in which a host is not what the files declare. */
export interface Drift {
  /** Region's name, that of the Nexus, or {@link UNKNOWN_REGION}. */
  region: string;
  /** Container's full name; empty where the drift is not one container's. */
  container: string;
  /** What differs: `memory`, `network nxt-regional`, `capabilities`, ... */
  what: string;
  declared: string;
  enforced: string;
  /** What to do, as a person types it; {@link UP} stands for the command of the stack. */
  remedy: string;
}

/** The next `up` puts it right. */
export const UP = "{up}";

/** Making the container again is the only way. */
export function recreate(container: string): string {
  return `docker rm -f ${container}, then ${UP}: it is made again and keeps its data`;
}

/** Stands for a region that no file declares. */
export const UNKNOWN_REGION = "(no region)";

/** Something worth knowing that is not drift. */
export interface Note {
  region: string;
  container: string;
  text: string;
}
