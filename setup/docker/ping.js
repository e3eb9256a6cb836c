"use strict";

const http = require("node:http");
const path = require("node:path");

const PING_LIMIT_MS = 2_000;

/**
 * What came of asking an engine for a sign of life.
 * `absent`: nobody listens; `denied`: this user may not ask; `silent`: somebody listens and does not answer;
 * `unasked`: an address that only Docker's own client can talk to (ssh, TLS).
 * @typedef {object} Answer
 * @property {"ok" | "absent" | "denied" | "silent" | "wrong" | "unasked"} state
 * @property {string} [detail]
 */

/**
 * The addresses where an engine may be, as DOCKER_HOST would name them; the first is the usual one.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 * @param {string} [stackHost]  the stack's own setting, which comes before everything else
 * @returns {{hosts: string[], from?: string}}  `from`: who chose the address, when somebody did
 */
function candidates(env, home, stackHost) {
  if (stackHost) return { hosts: [stackHost], from: "the stack's setting nexus:dockerHost" };
  if (env.DOCKER_HOST) return { hosts: [env.DOCKER_HOST], from: "DOCKER_HOST" };
  const rootless = env.XDG_RUNTIME_DIR ? [path.join(env.XDG_RUNTIME_DIR, "docker.sock")] : [];
  const desktop = path.join(home, ".docker", "run", "docker.sock");
  return { hosts: ["/var/run/docker.sock", ...rootless, desktop].map((socket) => `unix://${socket}`) };
}

/**
 * @param {string} host
 * @param {boolean} tls
 * @returns {http.RequestOptions | undefined} undefined when plain HTTP cannot reach it
 */
function requestOptions(host, tls) {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const tcp = /^(?:tcp|http):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(host);
  if (!tcp || tls) return undefined;
  return { host: (tcp[1] ?? "").replace(/^\[|\]$/g, ""), port: Number(tcp[2] ?? 2375) };
}

/** @param {NodeJS.ErrnoException} error */
function stateOf(error) {
  return error.code === "EACCES" || error.code === "EPERM" ? "denied" : "absent";
}

/**
 * Sends a GET to an engine.
 * @param {string} host
 * @param {string} url
 * @param {{tls?: boolean, limitMs?: number}} [options]
 * @returns {Promise<Answer & {body?: string}>} never rejects
 */
function get(host, url, { tls = false, limitMs = PING_LIMIT_MS } = {}) {
  const options = requestOptions(host, tls);
  if (!options) return Promise.resolve({ state: "unasked" });
  return new Promise((resolve) => {
    const request = http.get({ ...options, path: url, agent: false }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        const body = Buffer.concat(chunks).toString("utf8");
        if (response.statusCode === 200) resolve({ state: "ok", body });
        else resolve({ state: "wrong", detail: `HTTP ${response.statusCode}` });
      });
    });
    const timer = setTimeout(() => {
      resolve({ state: "silent", detail: `no answer in ${limitMs / 1000} s` });
      request.destroy();
    }, limitMs);
    request.on("error", (error) => resolve({ state: stateOf(error), detail: error.message }));
    request.on("close", () => clearTimeout(timer));
  });
}

/**
 * Asks the engines that may be there; an answer of any but the usual address counts only when it is `ok`.
 * @param {import("../context.js").Context} context
 * @returns {Promise<{host: string, from?: string, answer: Answer}>}
 */
async function findEngine({ env, home, stack }) {
  const { hosts, from } = candidates(env, home, stack.dockerHost);
  // As in components/engineHost.ts, which talks to such an engine: the set-up comes before the packages that can.
  const tls = Boolean(stack.dockerCerts || env.DOCKER_CERT_PATH || env.DOCKER_TLS_VERIFY);
  const answers = await Promise.all(
    hosts.map(async (host) => ({ host, from, answer: await get(host, "/_ping", { tls }) })),
  );
  const usual = /** @type {(typeof answers)[0]} */ (answers[0]);
  return answers.find(({ answer }) => answer.state === "ok") ?? usual;
}

module.exports = { candidates, requestOptions, get, findEngine };
