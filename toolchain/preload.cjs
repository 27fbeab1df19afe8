"use strict";
// Loaded by Node before the program (see Pulumi.yaml): compiles TypeScript as it is read, and keeps Pulumi's SDK from
// taking the stack of every resource and every promise.
require("tsx/cjs");

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
