import * as pulumi from "@pulumi/pulumi";
import { type GameVariables, VARIABLE_MAPS, type VariableMap } from "../config/gameVariables";

/** Variables of the operator's own for one kind of game server. */
export interface OperatorVariables {
  env: Record<string, pulumi.Input<string>>;
  /** Names of those that are secret outputs. Sorted. */
  secrets: string[];
}

/** What of `nexus:imageOverrides` Pulumi has decrypted. */
type Decrypted = { gameServer?: Partial<Record<VariableMap, Record<string, unknown>>> };

/**
 * The variables of the settings for the Nexus and for regions. The values of secret ones come from Pulumi, which alone
 * can decrypt them.
 * @param config Pulumi's own view of the settings
 */
export function operatorVariables(
  given: Partial<Record<VariableMap, GameVariables>> = {},
  config: pulumi.Config,
): Record<"nexus" | "regions", OperatorVariables> {
  const hasSecret = VARIABLE_MAPS.some((map) => given[map]?.secret.length);
  const decrypted = hasSecret ? config.requireSecretObject<Decrypted>("imageOverrides") : undefined;
  const of = (...maps: VariableMap[]): OperatorVariables => {
    const parts = maps.map((map) => ({ map, ...(given[map] ?? { plain: {}, secret: [] }) }));
    const secret = parts.flatMap(({ map, secret }) =>
      secret.map((name) => [
        name,
        pulumi.secret(pulumi.output(decrypted).apply((all) => decryptedValue(all, map, name))),
      ]),
    );
    return {
      env: { ...Object.assign({}, ...parts.map(({ plain }) => plain)), ...Object.fromEntries(secret) },
      secrets: parts.flatMap(({ secret }) => secret).sort(),
    };
  };
  return { nexus: of("env", "nexusEnv"), regions: of("env", "regionEnv") };
}

function decryptedValue(all: Decrypted | undefined, map: VariableMap, name: string): string {
  const value = all?.gameServer?.[map]?.[name];
  if (value !== undefined) return String(value);
  throw new pulumi.RunError(`Pulumi has no value for nexus:imageOverrides.gameServer.${map}.${name}.`);
}
