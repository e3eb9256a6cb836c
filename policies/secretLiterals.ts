import { CONFIG_LABEL, SECRET_VARIABLES_LABEL, STACK_LABEL } from "../catalog/names";
import { holdsGenerated, isGenerated } from "../components/secretShapes";
import { namedLikeSecret, shapedLikeSecret } from "../config/secretLooking";
import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";
import { list } from "./kit/schema";

/**
 * A random id and a hash, which are meant to be seen and unknown at the first preview; and the names of the variables
 * whose values an operator has encrypted, which may be what they like.
 */
const KNOWN_LABELS = [STACK_LABEL, CONFIG_LABEL, SECRET_VARIABLES_LABEL];

/**
 * What an operator has encrypted in the settings is a secret of his own: a label of the container names those variables.
 *
 * Policies get secrets as plain text without a mark, so this cannot ask "is it a secret output?" (a unit test of the
 * components does). It knows the few variables that carry secrets and what the program's secrets look like, and refuses
 * anything else in them, and one of those elsewhere, a known kind of token, or a name that says secret: a literal in the
 * program would be in git, and in every image of the state.
 */
export const secretLiterals = resourcePolicy({
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
    // Names and identifiers, which may be as long as a secret. A password in a URL is noticed there, too.
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
    function texts(items: () => string[] | undefined, where: string): void {
      each(items, (text, index) => {
        if (looksSecret(text)) report(`${where}.${index} holds what looks like a secret`);
      });
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
        const value = rest.join("=");
        const isSecret = config.secretVariables.includes(name);
        if (isSecret ? isGenerated(value) : encrypted.includes(name)) return;
        const wrong = isSecret
          ? "holds something else than a generated secret"
          : setting(name, value, config.plainVariables.includes(name));
        // A name that was mistyped may be a secret itself.
        if (wrong) report(`${/^[A-Z][A-Z0-9_]*$/.test(name) ? name : "a variable"} ${wrong}`);
      },
    );
    each(
      () => props.labels,
      (one, index) => {
        const { label } = one;
        if (KNOWN_LABELS.includes(label)) return;
        const wrong = setting(label.replace(/\W/g, "_"), one.value);
        if (wrong) report(`labels.${index} ${wrong}`);
      },
    );
    texts(
      () => props.uploads?.map(({ content = "", contentBase64 = "" }) => `${content} ${contentBase64}`),
      "uploads",
    );
    texts(() => props.command, "command");
    texts(() => props.entrypoints, "entrypoints");
    texts(() => props.healthcheck?.tests, "healthcheck.tests");
  },
});

function looksSecret(text: string): boolean {
  return shapedLikeSecret(text) || holdsGenerated(text);
}

/** What is wrong with what is not meant for a secret. */
function setting(name: string, value: string, plain = false): string | undefined {
  if (value === "") return undefined;
  if (!plain && namedLikeSecret(name)) return "is named like a secret and is not in secretVariables";
  const looks = plain ? shapedLikeSecret(value) : looksSecret(value);
  return looks ? "holds what looks like a secret" : undefined;
}
