import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";
import { list } from "./kit/schema";

interface Config {
  digestStacks: string[];
}

/** A digest, and nothing else, names the same image for ever; `npm run images:pin` writes those of official images. */
export const pinnedImages = resourcePolicy<typeof CONTAINER, Config>({
  name: "pinned-images",
  description: "Every image has an exact tag or digest; official images in production have a digest.",
  type: CONTAINER,
  config: { digestStacks: list(["prod"]) },
  whenUnknown: "refuse",
  check({ props, stack, config, report }) {
    const { name, tag, digest } = parse(props.image ?? "");
    if (digest) return;
    if (!tag) report("image has neither tag nor digest, which means latest");
    else if (tag === "latest") report("image has the tag latest, which moves");
    else if (config.digestStacks.includes(stack) && isOfficial(name)) {
      report("image is an official one without a digest: run `npm run images:pin`");
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

/** Images of Docker Hub's library have no owner in their name. Ours (`nexus-local/…`) are never in a registry. */
function isOfficial(name: string): boolean {
  return !name.replace(/^(docker\.io\/|index\.docker\.io\/)?(library\/)?/, "").includes("/");
}
