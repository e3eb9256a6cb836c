/** The digests of the images that stacks take from registries, asked for and compared with `images/lock.json`. */
import type Docker from "dockerode";
import { IMAGE_NAMES, IMAGES, type ImageRow } from "../catalog/images";
import type { Settings } from "../settings";
import { CredentialError } from "./errors";
import { type LoginSources, loginFor } from "./login";
import { whyNot } from "./pullFailure";
import { isLocalImage, registryOf } from "./reference";

/** What a stack takes from registries by a tag alone; a digest in the settings needs no pin. Sorted, each once. */
export function tagsOf({ images, imageOverrides }: Pick<Settings, "images" | "imageOverrides">): string[] {
  const official = IMAGE_NAMES.flatMap((name) => {
    const { official: ref }: ImageRow = IMAGES[name];
    return ref === undefined || name in imageOverrides ? [] : [ref];
  });
  const used = images === "registry" ? official : [];
  const own = Object.values(imageOverrides).flatMap(({ ref }) => ref ?? []);
  const tags = [...used, ...own].filter((ref) => !ref.includes("@") && !isLocalImage(ref));
  return [...new Set(tags)].sort();
}

/** A stack, and the Engine that asks registries for it. */
export interface Asker {
  stack: string;
  docker: Docker;
  logins: LoginSources;
  refs: readonly string[];
}

export interface Answers {
  digests: Record<string, string>;
  /** References that nobody answered for, by the stack that asked. */
  failures: { stack: string; ref: string; why: string }[];
}

/** The digest that registries have for each reference now. One that several stacks name is asked for until one answers. */
export async function askDigests(askers: readonly Asker[]): Promise<Answers> {
  const refs = [...new Set(askers.flatMap((asker) => asker.refs))].sort();
  const asked = await Promise.all(refs.map((ref) => askInTurn(ref, askers)));
  return {
    digests: Object.assign({}, ...asked.map(({ digests }) => digests)),
    failures: asked.flatMap(({ failures }) => failures),
  };
}

async function askInTurn(ref: string, askers: readonly Asker[]): Promise<Answers> {
  const failures: Answers["failures"] = [];
  for (const asker of askers.filter(({ refs }) => refs.includes(ref))) {
    const { digest, why = "" } = await ask(ref, asker);
    if (digest !== undefined) return { digests: { [ref]: digest }, failures: [] };
    failures.push({ stack: asker.stack, ref, why });
  }
  return { digests: {}, failures };
}

/** @returns the digest, or why there is none */
async function ask(ref: string, { docker, logins }: Asker): Promise<{ digest?: string; why?: string }> {
  let from: string | undefined;
  try {
    const login = await loginFor(registryOf(ref), logins);
    from = login?.from;
    const { Descriptor } = await docker.getImage(ref).distribution({ authconfig: login?.auth });
    return { digest: Descriptor.digest };
  } catch (error) {
    const { message } = error as Error;
    // The registry was not asked: nothing in the message is its answer.
    return { why: error instanceof CredentialError ? message : whyNot(message, registryOf(ref), from) };
  }
}

/**
 * The pins after some were asked for. Pure.
 * @param before the pins as they are
 * @param wanted what the stacks that were asked name; undefined when not all stacks were: then nothing is forgotten
 */
export function newPins(
  before: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
  wanted: readonly string[] | undefined,
): Record<string, string> {
  const kept = Object.entries(before).filter(([ref]) => wanted === undefined || wanted.includes(ref));
  return { ...Object.fromEntries(kept), ...found };
}

/** What changed, one reference a line. Pure. */
export function pinChanges(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const refs = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return refs.flatMap((ref) => {
    if (before[ref] === now[ref]) return [];
    if (now[ref] === undefined) return [`${ref}: no stack names it any more`];
    return [`${ref}: ${now[ref]}${before[ref] === undefined ? "" : ` (was ${before[ref]})`}`];
  });
}
