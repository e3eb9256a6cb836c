import {
  CONFIG_LABEL,
  REGION_LABEL,
  ROLE_LABEL,
  SECRET_VARIABLES_LABEL,
  STACK_LABEL,
} from "../catalog/names";
import { isGenerated } from "../components/secretShapes";
import { looksRandom, namedLikeSecret, shapedLikeSecret } from "../config/secretLooking";
import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";
import { list } from "./kit/schema";

interface Config {
  secretVariables: string[];
  plainVariables: string[];
}

/** A random id and a hash: meant to be seen, and unknown at the first preview. */
const COMPUTED_LABELS = [STACK_LABEL, CONFIG_LABEL];
/** Names that people give, which may look random. */
const NAME_LABELS = [REGION_LABEL, ROLE_LABEL];
/** Names of variables whose values an operator has encrypted: they may be what they like, and the names, too. */
const KNOWN_LABELS = [...COMPUTED_LABELS, SECRET_VARIABLES_LABEL];

/**
 * What an operator has encrypted in the settings is a secret of his own: a label of the container names those variables.
 *
 * Policies get secrets as plain text without a mark, so this cannot ask "is it a secret output?" (a unit test of the
 * components does). It knows the few variables that carry secrets and what the program's secrets look like, and refuses
 * anything else in them, and anything elsewhere that looks like one: a literal in the program would be in git, and in
 * every image of the state.
 */
export const secretLiterals = resourcePolicy<typeof CONTAINER, Config>({
  name: "secret-literals",
  description:
    "Secrets are made by the program, and stand in no variable, label or command line but those for them.",
  type: CONTAINER,
  config: {
    secretVariables: list([
      "ADMIN_PASSWORD",
      "ARIA_ENCRYPTION_KEY",
      "DATABASE_URL",
      "JWT_SECRET",
      "NEXUS_REGISTRATION_KEY",
      "REDIS_URL",
      "REGION_TOKEN",
      "STORAGE_TOKEN",
    ]),
    // Names and identifiers, which may look random. A password in a URL is noticed there, too.
    plainVariables: list(["REGION_ID", "REGION_NAME", "REGION_OWNER_ID", "STORAGE_URL"]),
  },
  // At the first preview, what is computed is unknown, and what is known is a literal.
  whenUnknown: "judge at up",
  check({ props, config, part, report }) {
    function each<Item>(items: () => Item[] | undefined, look: (item: Item, index: number) => void): void {
      part(() => {
        const all = items() ?? [];
        for (const index of all.keys()) part(() => look(all[index] as Item, index));
      });
    }
    function text(value: string, where: string): void {
      if (shapedLikeSecret(value) || looksRandom(value)) report(`${where} holds what looks like a secret`);
    }
    const encrypted: string[] = [];
    each(
      () => props.labels,
      // Other labels' values may be unknown, so that they must not be read.
      (one) => {
        if (one.label === SECRET_VARIABLES_LABEL) encrypted.push(...one.value.split(" "));
      },
    );
    each(
      () => props.envs,
      (entry) => {
        const [name = "", ...rest] = entry.split("=");
        if (encrypted.includes(name) && !config.secretVariables.includes(name)) return;
        const wrong = variable(name, rest.join("="), config);
        // A name that was mistyped may be a secret itself.
        if (wrong) report(`${/^[A-Z][A-Z0-9_]*$/.test(name) ? name : "a variable"} ${wrong}`);
      },
    );
    each(
      () => props.labels,
      (one, index) => {
        const { label } = one;
        if (KNOWN_LABELS.includes(label)) return;
        const wrong = setting(label.replace(/\W/g, "_"), one.value, NAME_LABELS.includes(label));
        if (wrong) report(`labels.${index} ${wrong}`);
      },
    );
    each(
      () => props.uploads,
      ({ content = "", contentBase64 = "" }, index) =>
        text(`${content} ${contentBase64}`, `uploads.${index}`),
    );
    each(
      () => props.command,
      (word, index) => text(word, `command.${index}`),
    );
    each(
      () => props.entrypoints,
      (word, index) => text(word, `entrypoints.${index}`),
    );
    each(
      () => props.healthcheck?.tests,
      (word, index) => text(word, `healthcheck.tests.${index}`),
    );
  },
});

/** What is wrong with a variable of the environment. */
function variable(name: string, value: string, { secretVariables, plainVariables }: Config) {
  if (secretVariables.includes(name))
    return isGenerated(value) ? undefined : "holds something else than a generated secret";
  return setting(name, value, plainVariables.includes(name));
}

/** What is wrong with what is not meant for a secret. */
function setting(name: string, value: string, plain: boolean): string | undefined {
  if (value === "") return undefined;
  if (!plain && namedLikeSecret(name)) return "is named like a secret and is not in secretVariables";
  const looks = shapedLikeSecret(value) || (!plain && looksRandom(value));
  return looks ? "holds what looks like a secret" : undefined;
}
