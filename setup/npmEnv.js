"use strict";

/**
 * We are ourselves run by npm, which hands its options and the running script's names down as variables. Given
 * to another npm they would count as options of it (`npm start --loglevel silent` would silence this one).
 * @param {NodeJS.ProcessEnv} env
 */
function npmEnv(env) {
  const own = /^npm_(lifecycle_|package_|command$|execpath$|node_execpath$|config_loglevel$)/;
  const rest = Object.entries(env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(rest), npm_config_update_notifier: "false" };
}

module.exports = { npmEnv };
