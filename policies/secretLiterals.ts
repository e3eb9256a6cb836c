import { resourcePolicy } from "./kit/define";
import { CONTAINER } from "./kit/resources";
import { list } from "./kit/schema";
import { looksRandom, namedLikeSecret, shapedLikeSecret } from "./kit/secretLooking";

interface Config {
  secretVariables: string[];
  plainVariables: string[];
}

/**
 * Policies get secrets as plain text without a mark, so this cannot ask "is it a secret output?" (a unit test of the
 * components does). It knows the few variables that carry secrets, all of them computed by the program, and refuses
 * anything else that looks like one: a literal in the program would be in git, and in every image of the state.
 */
export const secretLiterals = resourcePolicy<typeof CONTAINER, Config>({
  name: "secret-literals",
  description: "No secret stands in a variable that is not meant for one, nor in a command line.",
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
    part(() => {
      for (const index of (props.envs ?? []).keys()) part(() => checkVariable(props.envs?.[index] ?? ""));
    });
    part(() => check(props.command, "command"));
    part(() => check(props.entrypoints, "entrypoints"));
    part(() => check(props.healthcheck?.tests, "healthcheck.tests"));

    function checkVariable(entry: string): void {
      const [name = "", ...rest] = entry.split("=");
      const value = rest.join("=");
      if (value === "" || config.secretVariables.includes(name)) return;
      // A name that was mistyped may be a secret itself.
      const shown = /^[A-Z][A-Z0-9_]*$/.test(name) ? name : "a variable";
      const plain = config.plainVariables.includes(name);
      if (!plain && namedLikeSecret(name))
        report(`${shown} is named like a secret and is not in secretVariables`);
      else if (shapedLikeSecret(value) || (!plain && looksRandom(value))) {
        report(`${shown} holds what looks like a secret`);
      }
    }
    function check(words: string[] | undefined, where: string): void {
      for (const [index, word] of (words ?? []).entries()) {
        if (shapedLikeSecret(word) || looksRandom(word))
          report(`${where}.${index} holds what looks like a secret`);
      }
    }
  },
});
