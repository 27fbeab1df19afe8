"use strict";
// Libraries load at every start much that few of their users need. `later` puts it off until it is asked for.
const Module = require("node:module");

/**
 * Loads modules when they, or one of their members, are first used, instead of when they are required.
 *
 * @param {RegExp} by the files that require them
 * @param {RegExp} requests what these files require, as it is written there
 */
exports.later = (by, requests) => {
  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    const now = () => load.call(this, request, parent, isMain);
    if (!requests.test(request) || !by.test(parent?.filename)) return now();
    let loaded;
    const get = (_, name) => name === "__esModule" || (loaded ??= now())[name];
    return new Proxy(() => {}, { get, apply: (_, self, values) => (loaded ??= now()).apply(self, values) });
  };
};
