/** Longer keys are not compared: the distance takes time that grows with the length. */
const MAX_COMPARED = 40;

/**
 * The candidate that was probably meant, for "did you mean". A candidate may be a dotted path; its last part is
 * compared. Spelling (`starting_credits`, `Memory`) does not count, nor does a longer name around it (`owner_id`).
 */
export function suggest(given: string, candidates: string[]): string | undefined {
  if (given.length > MAX_COMPARED) return undefined;
  const word = letters(given);
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      distance: distanceTo(word, letters(candidate.split(".").pop() ?? "")),
    }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= 2 ? best.candidate : undefined;
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function distanceTo(word: string, candidate: string): number {
  if (word.length > 2 && (word.includes(candidate) || candidate.includes(word)))
    return word === candidate ? 0 : 1.5;
  // Two changes make any three letters out of any others.
  return candidate.length <= 3 ? editDistance(word, candidate) * 2 : editDistance(word, candidate);
}

/** Number of letters to insert, remove, change or swap (Damerau-Levenshtein, adjacent swaps). */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? cell(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[i]?.push(Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, change, swap));
    }
  }
  return cell(a.length, b.length);
}
