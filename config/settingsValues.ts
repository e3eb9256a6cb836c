import { refuse, show } from "./refusal";

/** The platform makes, owns and can delete folders in its data root: it must not be one that the system uses. */
const SYSTEM_FOLDERS = new Set(
  "bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var var/lib var/log var/lib/docker"
    .split(" ")
    .map((folder) => `/${folder}`),
);
const VIRTUAL_FOLDER = /^\/(dev|proc|sys)\//;

/**
 * The folder on the Docker host that holds all data.
 * @throws Refusal
 */
export function parseDataRoot(value: unknown): string {
  const rule = "an absolute path of letters, digits and . _ - without a slash at its end";
  if (typeof value !== "string" || value === "")
    refuse(show(value), rule, "Write a folder such as /var/lib/sectorwars.");
  if (value === "/") refuse(show(value), "a folder below /", "Write a folder such as /var/lib/sectorwars.");
  if (!value.startsWith("/"))
    refuse(show(value), rule, "Begin with a slash: the path is one of the Docker host.");
  // The path is part of mount options, where spaces, commas and colons have a meaning.
  if (!/^(\/[A-Za-z0-9._-]+)+$/.test(value) || value.length > 200)
    refuse(show(value), rule, "Choose a plain path of at most 200 characters.");
  if (/\/\.\.?(\/|$)/.test(value))
    refuse(show(value), `${rule} and without . or .. as a part`, "Write the path in full.");
  if (SYSTEM_FOLDERS.has(value) || VIRTUAL_FOLDER.test(value)) {
    refuse(show(value), "a folder of the platform's own", "Write a folder such as /var/lib/sectorwars.");
  }
  return value;
}

/**
 * Where the Docker Engine is.
 * @throws Refusal
 */
export function parseDockerHost(value: unknown): string {
  const rule = "unix:///path, tcp://host:port or ssh://user@host";
  if (typeof value !== "string") refuse(show(value), rule, "Leave it out to use the usual socket.");
  if (/^ssh:\/\/[^/@]*:[^@]*@/.test(value))
    refuse(show(value), `${rule}, without a password`, "Use an SSH key; settings are not secret.");
  const isKnown =
    /^unix:\/\/\/[^\s\0]+$/.test(value) ||
    /^tcp:\/\/[A-Za-z0-9.-]+:\d{1,5}$/.test(value) ||
    /^ssh:\/\/([A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+(:\d{1,5})?$/.test(value);
  if (!isKnown || value.length > 255) refuse(show(value), rule, "Leave it out to use the usual socket.");
  return value;
}

/**
 * An image with an explicit tag or digest: without one, Docker takes `latest`, which changes by itself.
 * @throws Refusal
 */
export function parseImageRef(value: unknown): string {
  const rule = "an image with a tag or digest, such as registry.example.org/game/server:1.4.2";
  if (typeof value !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$/.test(value))
    refuse(show(value), rule, "Write the image's name.");
  const lastPart = value.slice(value.lastIndexOf("/") + 1);
  if (!/^[^:@]+(:[A-Za-z0-9_][A-Za-z0-9._-]*)?(@sha256:[0-9a-f]{64})?$/.test(lastPart))
    refuse(show(value), rule, "Check the tag and the digest.");
  if (!/[:@]/.test(lastPart)) refuse(show(value), rule, `Add the tag, as in ${show(`${value}:1.0.0`)}.`);
  return value;
}

/**
 * A Docker health check in its list form.
 * @throws Refusal
 */
export function parseHealthCheck(value: unknown): string[] {
  const rule = 'a list that begins with "CMD" or "CMD-SHELL", such as ["CMD", "/bin/check"]';
  const texts = parseTexts(value, rule);
  const isCommand = texts[0] === "CMD" && texts.length > 1;
  const isShell = texts[0] === "CMD-SHELL" && texts.length === 2;
  if (!isCommand && !isShell)
    refuse(
      `a list that begins with ${show(texts[0])}`,
      rule,
      "Others wait for this check: it must run a command.",
    );
  return texts;
}

/**
 * A program with its arguments.
 * @throws Refusal
 */
export function parseCommand(value: unknown): string[] {
  const rule = 'a list of texts, such as ["python", "-m", "worker"]';
  const texts = parseTexts(value, rule);
  if (texts.length === 0) refuse("an empty list", rule, "Write the program.");
  return texts;
}

function parseTexts(value: unknown, rule: string): string[] {
  if (!Array.isArray(value)) refuse(show(value), rule, "Write the command as a list.");
  const texts = value.filter((part) => typeof part === "string" && part.length <= 4096);
  if (texts.length !== value.length)
    refuse("a list with other values than texts of up to 4096 characters", rule, "Put every part in quotes.");
  return texts;
}
