import { ConfigError, renderProblem } from "../../../config/problems";
import { parseYaml } from "../../../config/yamlSource";
import { parseSettings } from "../../support/settings";

/** Settings from the text of a stack's file, below `config:`. */
export function settings(yaml: string) {
  const indented = yaml.replaceAll(/^/gm, "  ");
  const { source } = parseYaml(`config:\n${indented}\n`, "Pulumi.test.yaml");
  if (!source) throw new Error(`not YAML: ${yaml}`);
  return parseSettings("test", (source.data as { config: Record<string, unknown> }).config, source);
}

/** What is wrong with them. */
export function problems(yaml: string): string[] {
  try {
    settings(yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(renderProblem);
    throw error;
  }
  throw new Error("no problem was found");
}
