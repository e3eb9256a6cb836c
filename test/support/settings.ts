import { ConfigError } from "../../config/problems";
import { readSettings, type Settings } from "../../settings";

/** {@link readSettings} that throws all problems in one error. */
export function parseSettings(...args: Parameters<typeof readSettings>): Settings {
  const { settings, problems } = readSettings(...args);
  if (!settings) throw new ConfigError(problems);
  return settings;
}
