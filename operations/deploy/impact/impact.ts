/** A container that stops and comes back. */
export interface Restart {
  container: string;
  /** What makes it necessary. */
  why: string[];
  /** Seconds without service, measured on this kind of container; absent where nothing was measured. */
  seconds?: number;
}

/** What one step means for its region; an area's impact is the sum of those. */
export interface Impact {
  /** What becomes different: "CPU 1 → 2". */
  changes: string[];
  /** What of a running container changes without a restart. */
  inPlace: { container: string; what: string[] }[];
  restarts: Restart[];
  created: string[];
  removed: string[];
  /** What takes effect later, or follows from the change. */
  later: string[];
  /** Folders whose data stays, for whoever comes back to it. */
  kept: string[];
  /** What the provider would report as done without doing it. */
  pretended: string[];
  /** Data that would be lost. */
  losses: string[];
  /** What `up` refuses to do. */
  refused: string[];
}

/** What a change means for one region, or for the Nexus with all that is shared. */
export interface AreaImpact extends Impact {
  area: string;
  /** Does the region as a whole begin or end? */
  life: "created" | "removed" | "changed";
}
