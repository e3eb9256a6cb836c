import { tagsOf } from "../../images/pin";
import { readStack } from "../../platform";
import { stacksIn } from "../../setup/stack";

/** What all stacks of a project take from registries by a tag alone; those whose settings cannot be read are left out. */
export function refsToPin(projectDir: string): string[] {
  const all = stacksIn(projectDir).flatMap((stack) => {
    const { settings } = readStack({ projectDir, stack });
    return settings ? tagsOf(settings) : [];
  });
  return [...new Set(all)].sort();
}
