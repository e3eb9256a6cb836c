import { z } from "zod";
import { CONNECTION_LIMITS } from "./connections";
import { integer } from "./fields";

/** How a database's connections are given out: the same three keys for a region and for the Nexus. */
export const connectionsSchema = z.strictObject({
  pool: integer({
    what: "a whole number of connections",
    ...CONNECTION_LIMITS.pool,
    advice: "Write what each engine of each process keeps open; 5 is usual.",
  }).optional(),
  overflow: integer({
    what: "a whole number of connections",
    ...CONNECTION_LIMITS.overflow,
    advice: "Leave it out: an engine may then open all that the database has.",
  }).optional(),
  max: integer({
    what: "a whole number of connections",
    ...CONNECTION_LIMITS.max,
    advice: "Leave it out: it then follows from the players.",
  }).optional(),
});
