/**
 * Watches the Nexus' list of regions.
 *
 * @typedef {{name: string, owner?: string, state: "up" | "degraded" | "down", players: number, maxPlayers: number,
 *   version?: string, lastSeen: string}} Region
 */

const INTERVAL_MS = 5000;
const ANSWER_MS = 4000;

/**
 * Asks every five seconds.
 *
 * @param {(regions: Region[]) => void} onRegions
 * @param {(message: string) => void} onNotice  what to tell the reader; empty when all is well
 */
export function watchRegions(onRegions, onNotice) {
  const ask = async () => {
    try {
      const answer = await fetch("/api/v1/nexus/regions", {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const body = await answer.json();
      if (answer.ok) onRegions(body.regions);
      onNotice(answer.ok ? "" : explain(answer.status, body));
    } catch {
      onNotice("The Nexus does not answer. Trying again every 5 seconds.");
    }
    setTimeout(ask, INTERVAL_MS);
  };
  void ask();
}

/** This page's own web server answers `no_api_here`: the page was opened beside the gateway. */
function explain(status, body) {
  if (body?.error === "no_api_here") {
    return "This page was opened directly. The API is reached through the gateway: open the gateway's address instead.";
  }
  return `The Nexus answered ${status}. Trying again every 5 seconds.`;
}

/** An element with a class and text; text is never read as HTML. */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
