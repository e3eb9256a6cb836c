import { refuse, show } from "./refusal";

export const MB = 1_000_000;
export const GB = 1000 * MB;
export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

const UNITS = { MB, GB, TB: 1000 * GB, MiB: MIB, GiB: GIB, TiB: 1024 * GIB };
type Unit = keyof typeof UNITS;

const UNIT_NAMES = Object.keys(UNITS) as Unit[];
const SIZE = /^(\d{1,9})(?:\.(\d{1,3}))? ?([A-Za-z]*)$/;
const SIZE_FORM = `a number, up to three decimals and a unit (${UNIT_NAMES.join(", ")}), such as 4GB or 4.5GiB`;

/** GB and GiB differ by 7 %, which is why a limit seems to be passed by a number that looks the same. */
export const GB_AND_GIB = "1GB is 1,000,000,000 bytes, 1GiB is 1,073,741,824 bytes (1.074GB)";

/** Smallest and largest allowed value, in the unit of the parsed value. */
export interface Range {
  min: number;
  max: number;
  /** Why not less, as a sentence for whoever tried. */
  whyMin?: string;
}

/**
 * Bytes of a size such as `4GB`, `4.5GiB` or `512 MB`; a part of a byte is dropped.
 * @throws Refusal
 */
export function parseSize(value: unknown, range: Range): number {
  const allowed = `${formatSize(range.min)} to ${formatSize(range.max)}`;
  const match = typeof value === "string" ? SIZE.exec(value) : null;
  if (typeof value === "number" || match?.[3] === "")
    refuse(show(value), `a size from ${allowed}`, withUnit(String(value).trim(), range));
  if (!match) refuse(show(value), `a size from ${allowed}`, `Write ${SIZE_FORM}.`);
  const [, whole = "", decimals = "", unit = ""] = match;
  if (!isUnit(unit)) refuse(show(value), `a size in ${UNIT_NAMES.join(", ")}`, unitHint(unit));
  const bytes = Number((BigInt(whole + decimals.padEnd(3, "0")) * BigInt(UNITS[unit])) / BigInt(1000));
  if (bytes < range.min || bytes > range.max) {
    const why = bytes < range.min && range.whyMin ? `${range.whyMin} ` : "";
    refuse(show(value), `a size from ${allowed}`, `${why}Choose a size in that range; ${GB_AND_GIB}.`);
  }
  return bytes;
}

/** The shortest form that {@link parseSize} reads back to the same number; whole bytes as `1234 bytes`. */
export function formatSize(bytes: number): string {
  const forms = (["GB", "GiB", "MB", "MiB"] as const)
    // At most three decimals; exact, because large sizes times 1000 are beyond what a number holds.
    .filter((unit) => (BigInt(bytes) * BigInt(1000)) % BigInt(UNITS[unit]) === BigInt(0))
    .map((unit) => `${bytes / UNITS[unit]}${unit}`);
  return forms.sort((a, b) => a.length - b.length)[0] ?? `${bytes} bytes`;
}

/** A size for reading, in GB with at most two decimals: `30.49GB`. Not exact, so not for files. */
export function roughSize(bytes: number, round: (value: number) => number = Math.round): string {
  return `${round((bytes / GB) * 100) / 100}GB`;
}

/**
 * Thousandths of a CPU of a number of CPUs such as `2` or `1.5`.
 * @throws Refusal
 */
export function parseCpu(value: unknown, range: Range): number {
  const allowed = `a number of CPUs from ${formatCpu(range.min)} to ${formatCpu(range.max)}`;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    const isQuoted = typeof value === "string" && /^\d+(\.\d+)?$/.test(value);
    refuse(
      show(value),
      allowed,
      isQuoted ? `Write it without quotes: ${value}.` : "Write a number without a unit, such as 2 or 1.5.",
    );
  }
  const millis = Math.round(value * 1000);
  if (millis < range.min || millis > range.max) {
    const why = millis < range.min && range.whyMin ? `${range.whyMin} ` : "";
    refuse(show(value), allowed, `${why}Choose a number in that range.`);
  }
  if (Math.abs(value * 100 - Math.round(value * 100)) > 1e-9)
    refuse(show(value), `${allowed}, in steps of 0.01`, "Write at most two decimals.");
  return millis;
}

/** `2` for 2000, `1.5` for 1500. */
export function formatCpu(millis: number): string {
  return String(millis / 1000);
}

function isUnit(text: string): text is Unit {
  return Object.hasOwn(UNITS, text);
}

/** Advice for a number without a unit; the example is in the range. */
function withUnit(number: string, { min, max }: Range): string {
  const isAllowed = (unit: Unit): boolean =>
    SIZE.test(number) && Number(number) * UNITS[unit] >= min && Number(number) * UNITS[unit] <= max;
  const unit = (["GB", "MB"] as const).find(isAllowed);
  return `Write the unit as well, such as ${unit ? number + unit : formatSize(min)}.`;
}

function unitHint(unit: string): string {
  const near = UNIT_NAMES.find(
    (name) => name.toLowerCase() === unit.toLowerCase() || name === `${unit.toUpperCase()}B`,
  );
  return near ? `Did you mean "${near}"?` : "Use one of them.";
}
