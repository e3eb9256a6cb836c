"use strict";

const fs = require("node:fs");
const path = require("node:path");

// What a person's own use of Pulumi leaves in its home; an empty folder or one with logs only is nobody's.
const SIGNS = ["credentials.json", "config.json", "plugins"];

/**
 * The PULUMI_HOME to use: the person's own where there is one, for its logins and plugins, else one in the cache.
 * @param {Pick<import("../context.js").Context, "env" | "home" | "cache">} context
 * @param {(file: string) => boolean} [exists]
 */
function pulumiHome({ env, home, cache }, exists = fs.existsSync) {
  if (env.PULUMI_HOME) return path.resolve(env.PULUMI_HOME);
  const own = path.join(home, ".pulumi");
  return SIGNS.some((sign) => exists(path.join(own, sign))) ? own : cache.file("pulumi-home");
}

module.exports = { pulumiHome };
