import { z } from "zod";
import { Refusal, refuse, show } from "./refusal";

/** A zod type around a parser that throws a {@link Refusal}; the refusal becomes the issue's message. */
export function field<T>(parse: (value: unknown) => T) {
  return z.unknown().transform((value, context): T => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

/**
 * A whole number in a range.
 * @param rule.orText also take digits in quotes: whenever the Pulumi CLI rewrites a settings file, it quotes every
 *   number that is not inside a map
 */
export function integer(rule: { what: string; min: number; max: number; advice: string; orText?: boolean }) {
  const { what, min, max, advice } = rule;
  return field((given) => {
    const value = rule.orText && typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    return refuse(
      show(value),
      `${what} from ${min} to ${max}`,
      typeof value === "string" ? withoutQuotes(value, advice) : advice,
    );
  });
}

/** A number in a range, in steps of 0.01: an amount of money, or a factor. */
export function hundredths(rule: { what: string; min: number; max: number; advice: string }) {
  const { what, min, max, advice } = rule;
  return field((value) => {
    const allowed = `${what} from ${min} to ${max}, in steps of 0.01`;
    if (typeof value !== "number" || !Number.isFinite(value) || value < min || value > max) {
      return refuse(
        show(value),
        allowed,
        typeof value === "string" ? "Write it without quotes or a unit." : advice,
      );
    }
    const steps = Math.round(value * 100);
    if (Math.abs(value * 100 - steps) > 1e-6) refuse(show(value), allowed, "Write at most two decimals.");
    return steps / 100;
  });
}

/** Text that matches a pattern. `what` says in words what the pattern says. */
export function text(rule: { what: string; pattern: RegExp; maxLength: number; advice: string }) {
  const { what, pattern, maxLength, advice } = rule;
  return field((value) => {
    if (typeof value === "number" || typeof value === "boolean")
      refuse(show(value), what, `Put it in quotes: "${value}".`);
    if (typeof value !== "string" || !pattern.test(value)) refuse(show(value), what, advice);
    if (value.length > maxLength) refuse(`${value.length} characters`, `at most ${maxLength}`, "Shorten it.");
    return value;
  });
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]) {
  return field((value): T => {
    const word = words.find((candidate) => candidate === value);
    return word ?? refuse(show(value), `one of ${words.join(", ")}`, "Choose one of them.");
  });
}

function withoutQuotes(value: string, advice: string): string {
  return /^\d+$/.test(value) ? "Write the number without quotes." : advice;
}
