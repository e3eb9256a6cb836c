import { type Project, regionFile } from "./project";

export const KINDS = ["add", "scale up", "scale down", "players", "game", "remove"] as const;
export type Kind = (typeof KINDS)[number];

/** One change of one region's file. */
export interface Done {
  kind: Kind;
  /** Of the region. */
  name: string;
  /** For a person. */
  text: string;
}

/** Each from small to large. */
const LADDERS = {
  cpu: [1, 1.5, 2, 4],
  memory: ["2GB", "3GB", "4GB", "6GiB"],
  disk: ["10GB", "11GB", "12GB"],
} as const;
/** Both sides of the number from which a server has another process and its database more connections. */
const PLAYERS = [50, 150];
const MOST_REGIONS = 5;

interface Region {
  slot: number;
  /** Places on the ladders. */
  cpu: number;
  memory: number;
  disk: number;
  players: number;
  startingCredits: number;
}

/** The regions of a project whose files change at random. */
export class ChangingRegions {
  private readonly regions = new Map<string, Region>();

  constructor(private readonly project: Project) {
    this.put("region-1", { slot: 1, cpu: 0, memory: 1, disk: 0, players: 50, startingCredits: 1000 });
  }

  /**
   * Changes the files of regions, each of another one as far as there are enough. A kind that is not possible now
   * becomes another one.
   * @param pick a number that all choices follow from
   */
  apply(kinds: readonly Kind[], pick: number): Done[] {
    const done: Done[] = [];
    for (const [index, wanted] of kinds.entries()) {
      const untouched = [...this.regions.keys()].filter((name) => !done.some((one) => one.name === name));
      const kind = this.possible(wanted, untouched.length);
      if (kind === undefined) continue;
      const name =
        kind === "add" ? this.freeName(pick) : (untouched[(pick + index) % untouched.length] ?? "");
      done.push({ kind, name, text: this.change(kind, name, pick) });
    }
    return done;
  }

  private possible(kind: Kind, untouched: number): Kind | undefined {
    if (kind === "add" && this.regions.size >= MOST_REGIONS) return untouched > 0 ? "scale up" : undefined;
    if (kind !== "add" && untouched === 0) return this.regions.size < MOST_REGIONS ? "add" : undefined;
    return kind;
  }

  private change(kind: Kind, name: string, pick: number): string {
    const now = this.regions.get(name);
    if (kind === "add" || !now) {
      const slot = Number(name.split("-")[1]);
      const memory = 1 + (pick % 3);
      // A name that was there before finds its data, whose disk never shrinks: it comes back with the largest.
      this.put(name, { slot, cpu: 1 + (pick % 3), memory, disk: 2, players: 50, startingCredits: 1000 });
      return `add ${name}`;
    }
    if (kind === "remove") {
      this.regions.delete(name);
      this.project.removeRegion(name);
      return `remove ${name}`;
    }
    if (kind === "players") {
      // A server of 150 players does not fit into the smallest memory.
      const players = PLAYERS.find((other) => other !== now.players) ?? 50;
      this.put(name, { ...now, players, memory: Math.max(now.memory, 1) });
      return `${name} for ${players} players`;
    }
    if (kind === "game") {
      const startingCredits = now.startingCredits + 1;
      this.put(name, { ...now, startingCredits });
      return `${name} starts with ${startingCredits} credits`;
    }
    const scaled = kind === "scale up" ? larger(now, pick) : smaller(now, pick);
    this.put(name, scaled);
    return `${kind} ${name} to ${JSON.stringify(sizeOf(scaled))}`;
  }

  private freeName(pick: number): string {
    const slots = Array.from({ length: MOST_REGIONS }, (_, index) => index + 1);
    const free = slots.filter((slot) => ![...this.regions.values()].some((region) => region.slot === slot));
    return `region-${free[pick % free.length] ?? 1}`;
  }

  private put(name: string, region: Region): void {
    const { slot, players, startingCredits } = region;
    this.regions.set(name, region);
    this.project.addRegion(regionFile(name, slot, { resources: sizeOf(region), players, startingCredits }));
  }
}

function sizeOf({ cpu, memory, disk }: Region) {
  return { cpu: LADDERS.cpu[cpu], memory: LADDERS.memory[memory], disk: LADDERS.disk[disk] };
}

/** At least one CPU step up; from the top it goes down, so that there always is a change. */
function larger(now: Region, pick: number): Region {
  const top = LADDERS.cpu.length - 1;
  if (now.cpu === top) return smaller(now, pick);
  const step = (from: number, most: number) => Math.min(from + (pick % 3), most);
  return {
    ...now,
    cpu: Math.min(now.cpu + 1 + (pick % 2), top),
    memory: step(now.memory, LADDERS.memory.length - 1),
    disk: step(now.disk, LADDERS.disk.length - 1),
  };
}

/** At least one CPU step down; from the bottom it goes up. Memory stays enough for every number of players. */
function smaller(now: Region, pick: number): Region {
  if (now.cpu === 0) return larger(now, pick);
  return {
    ...now,
    cpu: Math.max(now.cpu - 1 - (pick % 2), 0),
    memory: Math.max(now.memory - (pick % 3), Math.min(now.memory, 1)),
  };
}
