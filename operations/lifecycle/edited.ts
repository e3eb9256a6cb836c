import { ConfigError, renderProblem } from "../../config/problems";
import { refusalText, show } from "../../config/refusal";
import { AdmissionError } from "../../platform";
import { amount, RESOURCE_KEYS } from "../../regions/admission";
import { REGION_LIMITS } from "../../regions/defaults";
import type { RegionModel } from "../../regions/model";
import type { RegionFolder } from "./folder";
import { refused, type SizeKey, type SizeOptions, type SizeValue } from "./values";

/** An edit of a region's file, before it is written. */
export interface FileEdit {
  name: string;
  /** What the file would say. */
  text: string;
  /** The size in it that the command sets. */
  sizes: Partial<Record<SizeKey, SizeValue>>;
  /** The options as they were given; what is in `sizes` and not here is a default. */
  given: SizeOptions;
}

/**
 * Checks the whole platform with an edit.
 * @returns the region as the file would say it; undefined when the text is of another one
 * @throws ConfigError with problems of files as they are on the disk, or Failure (bad input) with the options that ask
 *   for more than the declared host has left
 */
export function loadEdited(folder: RegionFolder, edit: FileEdit): RegionModel | undefined {
  try {
    return folder.load({ [edit.name]: edit.text }).regions.find(({ name }) => name === edit.name);
  } catch (error) {
    if (error instanceof AdmissionError) {
      const problems = roomProblems(error, edit);
      throw problems.length > 0 ? refused([...problems, ...error.problems.map(renderProblem)]) : error;
    }
    throw error instanceof ConfigError ? placed(error, folder, edit.name) : error;
  }
}

/** Which options ask for more than the host has left, and how much that is. */
function roomProblems({ shortages }: AdmissionError, { name, sizes, given }: FileEdit): string[] {
  return shortages.flatMap(({ resource, wanted, room }) => {
    const key = RESOURCE_KEYS[resource];
    const size = sizes[key];
    if (!size) return [];
    const left = Math.max(0, room - (wanted - size.value));
    const least = REGION_LIMITS[key].min;
    const byDefault = given[key] === undefined ? " (the default)" : "";
    const allowed = `at most what the host has left for ${name}, ${amount(resource, left, Math.floor)}`;
    const advice =
      left < least ? `The smallest region takes ${amount(resource, least)}.` : "Give less, or make room.";
    return [`--${key}: ${refusalText(`${show(size.written)}${byDefault}`, allowed, advice)}`];
  });
}

/** The lines of the text that was not written say nothing: a problem that the file has already is told with its own. */
function placed(error: ConfigError, folder: RegionFolder, name: string): ConfigError {
  const file = folder.labelOf(folder.pathOf(name));
  const { problems } = folder.read();
  return new ConfigError(
    error.problems.map((problem) => {
      if (problem.file !== file) return problem;
      const { line, column } = problems.find((old) => old.file === file && old.path === problem.path) ?? {};
      return { ...problem, line, column };
    }),
  );
}
