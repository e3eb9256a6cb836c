import { PASSWORD } from "../../../components/secretShapes";
import type { Impact } from "./impact";
import type { Step } from "./steps";

/** Ends of the names of generated secrets, and what it means when one is recreated. Others only restart their users. */
const ROOT_OF_ENCRYPTION = "-encryption-key";
const OF_SESSIONS = /-(jwt-secret|passwords)$/;
/** By its name now, and before it was the root of other secrets. */
const OF_ADMIN = /-(passwords|admin-password)$/;

/** What a step with a generated secret means. A secret of a region that is taken down is lost with it. */
export function secretImpact({ kind, name, old }: Step): Partial<Impact> {
  const isGone = kind === "replace" || kind === "delete";
  if (isGone && name.endsWith(ROOT_OF_ENCRYPTION)) {
    return {
      losses: [`everything that the Nexus and all regions have encrypted: ${name} is the root of their keys`],
    };
  }
  // One of this length is the password itself; others are derived, and come back as they were (components/secrets.ts).
  if (isGone && OF_ADMIN.test(name) && old?.inputs.length === PASSWORD.length)
    return { later: ["its next admin password is another one: change it in the game before"] };
  if (kind === "replace" && OF_SESSIONS.test(name)) return { later: ["its players log in again"] };
  return {};
}
