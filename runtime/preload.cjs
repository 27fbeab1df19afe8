"use strict";
// Loaded by Node before the program (see Pulumi.yaml). It keeps Pulumi's SDK from work that this program has no use
// for, which was half of a preview's time, and compiles TypeScript as it is read.
const Module = require("node:module");

// The SDK asks for thousands of stacks by errors without a message. Mapping them to the sources takes a fifth of a
// preview's time, and in the state, which is written at every step of an update, they take up a third. Errors with a
// message, which a person may read, are mapped as ever; so is everything while promises are being debugged.
if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  let prepare;
  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: true,
    get: () => prepare && ((error, frames) => (error.message === "" ? "Error" : prepare(error, frames))),
    set: (value) => {
      prepare = value;
    },
  });
}

// To put functions into the state, the SDK loads a compiler and npm's own installer. They are loaded when they are
// asked for, which is never here.
const later = new Set(["typescript", "@npmcli/arborist"]);
const load = Module._load;
Module._load = function (request, parent, isMain) {
  const now = () => load.call(this, request, parent, isMain);
  if (!later.has(request) || !/[\\/]@pulumi[\\/]pulumi[\\/]/.test(parent?.filename)) return now();
  let loaded;
  return new Proxy({}, { get: (_, name) => name === "__esModule" || (loaded ??= now())[name] });
};

require("./compile.cjs");
