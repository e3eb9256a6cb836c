import type { Expected } from "./expected";
import type { Gap } from "./gap";
import type { Observed } from "./observed";
import type { Remedies } from "./remedies";

export function diskGaps(_expected: Expected, _observed: Observed, _remedies: Remedies): Gap[] {
  return [];
}
