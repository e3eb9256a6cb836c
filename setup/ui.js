"use strict";

// Progress goes to stderr: stdout belongs to the command itself (`npm run preview -- --json`).

const SHOW_AFTER_MS = 2_000;
const TTY_EVERY_MS = 200;
const LINE_EVERY_MS = 15_000;

/**
 * @typedef {object} Ui
 * @property {(text: string) => void} say                    one line
 * @property {(name: string, what: string) => void} begin    a step starts its work
 * @property {(name: string, text: string) => void} status   what it does right now
 * @property {(name: string, ok: boolean) => void} end
 * @property {() => void} close                              stops the ticker and clears its line
 */

/**
 * @param {number} ms
 * @returns {string} "0.4 s", "12 s", "3 min 5 s"
 */
function duration(ms) {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * The ticker's line: every step that has been running for long enough, cut to the terminal's width.
 * @param {{name: string, ms: number, status: string}[]} steps
 * @param {number} width
 */
function tickerLine(steps, width) {
  const parts = steps
    .filter((step) => step.ms >= SHOW_AFTER_MS)
    .map((step) => `${step.name} ${duration(step.ms)}${step.status ? ` (${step.status})` : ""}`);
  const line = parts.length ? `… ${parts.join(" · ")}` : "";
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/**
 * @param {{isTTY?: boolean, columns?: number, write(text: string): unknown}} out
 * @returns {Ui}
 */
function createUi(out) {
  /** @type {Map<string, {startedAt: number, status: string}>} */
  const running = new Map();
  const tty = out.isTTY === true;
  let tickerShown = false;

  const clear = () => {
    if (tickerShown) out.write("\r\x1b[K");
    tickerShown = false;
  };
  const say = (/** @type {string} */ text) => {
    clear();
    out.write(`${text}\n`);
  };
  const snapshot = () =>
    [...running].map(([name, { startedAt, status }]) => ({ name, ms: Date.now() - startedAt, status }));

  const tickTerminal = () => {
    const line = tickerLine(snapshot(), (out.columns || 80) - 1);
    clear();
    if (line) out.write(line);
    tickerShown = line !== "";
  };
  const tickLog = () => {
    for (const { name, ms, status } of snapshot()) {
      if (ms >= SHOW_AFTER_MS) say(`  ${name}: ${duration(ms)} so far${status ? ` (${status})` : ""}`);
    }
  };
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  return {
    say,
    begin(name, what) {
      running.set(name, { startedAt: Date.now(), status: "" });
      timer ??= (tty ? setInterval(tickTerminal, TTY_EVERY_MS) : setInterval(tickLog, LINE_EVERY_MS)).unref();
      say(`- ${name}: ${what}`);
    },
    status(name, text) {
      const step = running.get(name);
      if (step) step.status = text;
    },
    end(name, ok) {
      const step = running.get(name);
      running.delete(name);
      if (step) say(`${ok ? "✓" : "✗"} ${name} (${duration(Date.now() - step.startedAt)})`);
    },
    close() {
      clearInterval(timer);
      timer = undefined;
      clear();
    },
  };
}

module.exports = { createUi, duration, tickerLine };
