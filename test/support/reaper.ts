/**
 * Removes everything that a run of the engine suite made, as soon as the run is over: when its standard input ends.
 * That happens when the run says so, and just as well when it is interrupted or killed.
 * Usage: tsx reaper.ts <run id> <folder of the run>
 */
import { engine } from "../../components/engine";
import { NAME_START, RUN_VARIABLE } from "./run";
import { removeRemains } from "./sweep";

const [id = "", root = ""] = process.argv.slice(2);
if (!/^[0-9a-f]{4}$/.test(id) || root === "")
  throw new Error("Usage: reaper.ts <run id> <folder of the run>");

// A key press on the terminal is meant for the tests; this is what tidies up after it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

process.stdin.resume();
process.stdin.on("end", () => {
  removeRemains(engine(), { start: NAME_START + id, root }, `${RUN_VARIABLE}=${id}`).catch(
    (error: unknown) => {
      process.stderr.write(`What the tests made could not be removed: ${String(error)}\n`);
      process.exitCode = 1;
    },
  );
});
