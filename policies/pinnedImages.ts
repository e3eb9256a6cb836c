import { LOCAL_REPOSITORY } from "../images/recipes";
import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";

/** `15.18-alpine3.24`, `v1.4.2`: at the beginning, and two numbers, as `15` moves with every `15.x`. */
const VERSION = /^v?\d+\.\d/;
/** `2026-11-21` or `20261121`, wherever it stands. */
const DATE = /(?<!\d)20\d\d(-?)(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])(?!\d)/;
/** A commit's or a content's hash as a part of its own; with a digit, as words of these letters have none. */
const HASH = /(^|[._-])(?=[a-f]*\d)[0-9a-f]{7,64}([._-]|$)/;

/**
 * A digest, and nothing else, names the same image for ever. It is required unless a stack's configuration says
 * otherwise, so that a new stack, whose settings are production's, needs no entry to be held to it. Images made on
 * this machine have a hash of their content as tag, and no registry to have a digest from.
 */
export const pinnedImages = resourcePolicy({
  name: "pinned-images",
  description:
    "Every image has a digest or is made on this machine; without `requireDigest`, a tag may be a version, date or hash.",
  type: CONTAINER,
  config: { requireDigest: { type: "boolean", default: true } },
  whenUnknown: "refuse",
  check({ props, config, report }) {
    const { name, tag, digest } = parse(props.image ?? "");
    if (digest) return;
    if (!tag) report("image has neither tag nor digest, which means latest");
    else if (![VERSION, DATE, HASH].some((exact) => exact.test(tag))) {
      report("image has a tag that moves: it begins with no version (1.4) and has no date and no hash");
    } else if (config.requireDigest && !name.startsWith(`${LOCAL_REPOSITORY}/`)) {
      report("image has no digest: run `npm run images:pin`, or give it as <name>:<tag>@sha256:<digest>");
    }
  },
});

/** `name:tag@sha256:…`, or an image's own id `sha256:…`; the port of a registry is not a tag. */
function parse(image: string): { name: string; tag?: string; digest?: string } {
  const [, name = "", tag, digest] =
    /^([^@]*?)(?::([\w][\w.-]{0,127}))?(@sha256:[0-9a-f]{64})?$/.exec(image) ?? [];
  if (/^sha256:[0-9a-f]{64}$/.test(image)) return { name: "", digest: image };
  return { name, tag, digest };
}
