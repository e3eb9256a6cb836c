import fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { badInput, Failure, failed } from "../failure";

/** A file as it was read; {@link replaceFile} replaces exactly this one. */
export interface Snapshot {
  /** As it was named. */
  path: string;
  /** What messages call it. */
  label: string;
  /** Where it really is: the target when `path` is a link. */
  target: string;
  text: string;
  status: fs.Stats;
}

/**
 * Reads a file that is to be edited.
 * @throws Failure (bad input) when it cannot be read
 */
export function readSnapshot(path: string, label: string): Snapshot {
  return explained(label, "read", () => {
    const target = fs.realpathSync(path);
    return { path, label, target, status: fs.statSync(target), text: fs.readFileSync(target, "utf8") };
  });
}

/**
 * Puts a new text in the place of a file: at every moment the file is either the old or the new one, whole. Its mode
 * and owner stay, and a link to it stays a link.
 * @throws Failure when the file is no longer the one that was read (exit code 1), or cannot be written (2)
 */
export function replaceFile(before: Snapshot, text: string): void {
  const { target, label, status } = before;
  explained(label, "written", () => {
    putInPlace(target, text, status, () => {
      refuseOtherEdit(before);
      // A rename would replace a file that somebody has made read-only.
      fs.accessSync(target, fs.constants.W_OK);
    });
  });
}

/**
 * Makes a file that is not there yet; it appears with all of its text. Whoever calls holds the folder's lock.
 * @throws Failure (bad input) when it exists or cannot be written
 */
export function createFile(path: string, label: string, text: string): void {
  explained(label, "written", () =>
    putInPlace(path, text, undefined, () => {
      if (fs.existsSync(path)) throw Object.assign(new Error("it exists"), { code: "EEXIST" });
    }),
  );
}

/** Removes a file, or a link and not what it leads to. */
export function removeFile(path: string, label: string): void {
  explained(label, "removed", () => fs.unlinkSync(path));
}

/**
 * Runs work on a file and turns what the operating system refuses into a message.
 * @throws Failure
 */
export function explained<T>(label: string, doing: "read" | "written" | "removed", work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explain(label, doing, error);
  }
}

/** The error to throw for one that came from the operating system; any other stays what it is. */
export function explain(label: string, doing: string, error: unknown): unknown {
  const code = error instanceof Failure ? undefined : (error as NodeJS.ErrnoException).code;
  if (code === undefined) return error;
  const begin = `${label}: could not be ${doing}`;
  switch (code) {
    case "EROFS":
      return badInput(`${begin}: its file system is read-only. Nothing was changed. Mount it writable.`);
    case "EACCES":
    case "EPERM":
      return badInput(
        `${begin}: this user may not. Nothing was changed. Give write permission to the file and to its folder.`,
      );
    case "EEXIST":
      return badInput(`${label}: exists already. Nothing was changed. Choose another name, or remove it.`);
    case "ENOENT":
      return badInput(`${begin}: there is no such file or folder. Nothing was changed.`);
    default:
      return failed(`${begin} (${code}). Nothing was changed. Check its disk.`);
  }
}

function refuseOtherEdit(before: Snapshot): void {
  const now = fs.existsSync(before.path) ? readSnapshot(before.path, before.label) : undefined;
  const same =
    now?.target === before.target &&
    now.text === before.text &&
    now.status.ino === before.status.ino &&
    now.status.mode === before.status.mode;
  if (same) return;
  throw failed(
    `${before.label}: was changed by somebody else while this command was working. Nothing was changed by this ` +
      "command. Look at the file, then run the command again.",
  );
}

/** Writes a hidden file beside the one that it becomes after the last check: that one is whole at every moment. */
function putInPlace(path: string, text: string, like: fs.Stats | undefined, check: () => void): void {
  // The loader ignores it; what a killed command left of it goes first.
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  fs.rmSync(temporary, { force: true });
  try {
    const file = fs.openSync(temporary, "wx", like ? 0o600 : 0o666);
    try {
      fs.writeFileSync(file, text);
      if (like) keepOwnerAndMode(file, like);
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    check();
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

function keepOwnerAndMode(file: number, { uid, gid, mode }: fs.Stats): void {
  const own = fs.fstatSync(file);
  // Root in another user's checkout. Where this is not allowed, the file belongs to who wrote it, as with an editor.
  if (own.uid !== uid || own.gid !== gid) {
    try {
      fs.fchownSync(file, uid, gid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EPERM") throw error;
    }
  }
  fs.fchmodSync(file, mode & 0o7777);
}
