/**
 * A file in every data folder. As long as it is there, the folder is not empty: Docker would copy owner, mode and
 * files of the image's own folder onto an empty volume, and the official images open theirs to everybody. Its lock
 * belongs to the container that uses the data.
 */
export const LOCK_FILE = ".lock";

/**
 * Shell lines with which every service that keeps data begins: whatever it writes is closed to others, and of two
 * containers over one folder the second ends before it touches anything. The lock ends with the last process of the
 * container, however that ends. What a service has of its own for this (a file with its process id, shared memory) is
 * blind in a container: every database is process 1 there.
 * @param dataPath mount point of the data volume
 */
export function guard(dataPath: string): string {
  return `umask 077
exec 9>>${dataPath}/${LOCK_FILE}
if ! flock -n 9; then
  echo "The data is in use by another container; two at once would destroy it. Nothing was touched. Find the other one:" \\
    "docker ps --no-trunc --format '{{.Names}} {{.Mounts}}'" >&2
  exit 1
fi
`;
}
