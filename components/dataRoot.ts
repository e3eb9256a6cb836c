import type Docker from "dockerode";
import { runJob } from "./job";

/** Says in the data root which stack it belongs to: the stack's identity, and a line for people. */
export const OWNER_FILE = ".stack";

/** Whose a data root is. */
export interface RootOwner {
  /** The stack's identity, as its containers carry it. */
  id: string;
  /** For people: stack and project. */
  name: string;
}

/** Why a data root cannot be used, and what to do. `name` and `root` may be a shell's variables. */
export function foreignRoot(root: string, name: string): string {
  return (
    `${root} is the data root of another stack, ${name}. Give this stack a nexus:dataRoot of its own. If that stack is ` +
    `gone and this one shall have its data, remove ${root}/${OWNER_FILE} on the Docker host.`
  );
}

/**
 * Shell function \`claim ROOT ID NAME\`: makes the data root and writes its owner down, or ends where it is another's. A
 * hard link is made whole or not at all, so of two stacks that begin side by side one is the owner.
 */
export const CLAIM = `claim() {
  root=$1
  install -d -o 0 -g 0 -m 0711 "$root"
  if [ ! -e "$root/${OWNER_FILE}" ]; then
    new=$(mktemp "$root/${OWNER_FILE}.XXXXXX")
    printf '%s\\n%s\\n' "$2" "$3" > "$new"
    chmod 0444 "$new"
    ln "$new" "$root/${OWNER_FILE}" 2>/dev/null || true
    rm -f "$new"
  fi
  if [ "$(sed -n 1p "$root/${OWNER_FILE}")" != "$2" ]; then
    name=$(sed -n 2p "$root/${OWNER_FILE}")
    echo "${foreignRoot("$root", "$name")}"
    exit 1
  fi
}
`;

/** A data folder as it is. */
export interface FolderFacts {
  /** Numeric "uid:gid". */
  user: string;
  /** Octal, "700". */
  mode: string;
  /** A file or folder in it that others than its user have access to. */
  open?: string;
  /** Major version of PostgreSQL that wrote it. */
  postgres?: string;
  /** Format version of a Redis' data file. */
  rdb?: string;
}

/** What is in a data root. */
export interface RootFacts {
  /** Absent in one that an earlier version made, or that nobody has used. */
  owner?: RootOwner;
  /** Regions, and the Nexus, that have data there, whether or not a file still names them. */
  regions: string[];
  /** Those of them that have a disk of their own. */
  disks: Map<string, { sizeBytes: number }>;
  /** By path; one that is not there is left out. */
  folders: Map<string, FolderFacts>;
}

// A region's folder holds its tenant's name; one whose disk is not mounted has the disk. Two levels down is where the
// services make their own folders: below a closed one nothing is open.
const LOOK = `root=$1; shift
[ ! -f "$root/${OWNER_FILE}" ] || printf 'owner\\t%s\\t%s\\n' "$(sed -n 1p "$root/${OWNER_FILE}")" "$(sed -n 2p "$root/${OWNER_FILE}")"
for path in "$root"/*/.tenant "$root"/.disks/*.img; do
  [ -f "$path" ] || continue
  case $path in
    *.img) printf 'region\\t%s\\t%s\\n' "$(basename "$path" .img)" "$(stat -c %s "$path")" ;;
    *) printf 'region\\t%s\\n' "$(basename "$(dirname "$path")")" ;;
  esac
done
for folder in "$@"; do
  [ -d "$folder" ] || continue
  cd "$folder"
  printf 'folder\\t%s\\t%s\\t%s\\t%s\\n' "$folder" "$(stat -c %u:%g .)" "$(stat -c %a .)" \\
    "$(find . -mindepth 1 -maxdepth 2 ! -type l -perm /077 | sed -n '1s/^..//p')"
  [ ! -f cluster/PG_VERSION ] || printf 'postgres\\t%s\\t%s\\n' "$folder" "$(head -c 8 cluster/PG_VERSION)"
  for file in appendonlydir/*.base.rdb dump.rdb; do
    [ ! -f "$file" ] || printf 'rdb\\t%s\\t%s\\n' "$folder" "$(head -c 9 "$file")"
  done
done`;

export interface LookQuestion {
  /** One with a shell that is on the host. */
  image: string;
  dataRoot: string;
  /** Data folders to look at. */
  folders: string[];
  labels: Record<string, string>;
}

/** Looks at a data root, which need not exist, by a container that may only read it. */
export async function lookAtRoot(docker: Docker, question: LookQuestion): Promise<RootFacts> {
  const { dataRoot, folders, image, labels } = question;
  try {
    const printed = await runJob(docker, {
      image,
      labels,
      purpose: `look at ${dataRoot}`,
      command: ["sh", "-c", LOOK, "look", dataRoot, ...folders],
      binds: [],
      // Not a bind: Docker would make a folder that is not there.
      mounts: [{ Type: "bind", Source: dataRoot, Target: dataRoot, ReadOnly: true }],
    });
    return parseLook(printed);
  } catch (error) {
    if (!/bind source path does not exist/.test(String(error))) throw error;
    return { regions: [], disks: new Map(), folders: new Map() };
  }
}

/** Reads what the job printed. Pure. */
export function parseLook(printed: string): RootFacts {
  const facts: RootFacts = { regions: [], disks: new Map(), folders: new Map() };
  for (const line of printed.split(/\r?\n/).filter(Boolean)) {
    // Names of files are the services' own choice, and are shown on a terminal.
    const [kind = "", ...words] = line.split("\t").map((part) => part.replace(/[^\x20-\x7e]/g, "?"));
    const read = READERS[kind];
    if (!read)
      throw new Error(`The job that looks at a data root printed a line that cannot be read: ${line}`);
    read(facts, words);
  }
  return facts;
}

type Reader = (facts: RootFacts, words: string[]) => void;

const READERS: Partial<Record<string, Reader>> = {
  owner(facts, [id = "", name = ""]) {
    facts.owner = { id, name };
  },
  region({ regions, disks }, [name = "", sizeBytes]) {
    if (!regions.includes(name)) regions.push(name);
    if (sizeBytes !== undefined) disks.set(name, { sizeBytes: Number(sizeBytes) });
  },
  folder({ folders }, [path = "", user = "", mode = "", open]) {
    folders.set(path, { user, mode, ...(open && { open }) });
  },
  postgres({ folders }, [path = "", version]) {
    const folder = folders.get(path);
    if (folder) folder.postgres = version;
  },
  rdb({ folders }, [path = "", header = ""]) {
    const folder = folders.get(path);
    if (folder) folder.rdb = newest(folder.rdb, /^REDIS(\d{4})$/.exec(header)?.[1]);
  },
};

function newest(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
