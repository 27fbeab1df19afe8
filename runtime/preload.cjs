"use strict";
// Loaded by Node before the program (see Pulumi.yaml). It keeps Pulumi's SDK from work that this program has no use
// for, which was half of a preview's time, and compiles TypeScript as it is read.
const Module = require("node:module");
const { later } = require("./later.cjs");

// To put functions into the state, the SDK loads a compiler and npm's installer; to follow calls, OpenTelemetry; to be
// driven by other programs, an HTTP client. zod loads its messages in 40 languages.
later(
  /[\\/]@pulumi[\\/]pulumi[\\/]/,
  /^(typescript|normalize-package-data|@npmcli\/arborist|@opentelemetry\/(?!api$).+|\.\/automation)$/,
);
later(/[\\/]zod[\\/]/, /^\.\.\/locales\/index\.cjs$/);

// For functions too, it attaches a debugger, under which everything is slower.
const hooks = require.resolve("@pulumi/pulumi/runtime/closure/v8Hooks");
require.cache[hooks] = Object.assign(new Module(hooks), {
  loaded: true,
  exports: { isInitializedAsync: () => Promise.resolve() },
});

if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  // Each of thousands of promises keeps the stack of its making, in case that it should leak. That they leaked is
  // still found and said.
  const promises = require("@pulumi/pulumi/runtime/debuggable");
  const { debuggablePromise } = promises;
  promises.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
  // Each resource takes the whole stack of its making into the state, which is written at every step of an update: a
  // third of it.
  require("@pulumi/pulumi/resource").Resource.callsites = () => [];
  // The engine is told four times a resource what the SDK is doing, for `--debug`. It takes as long to drop that as to
  // take the resource.
  require("@pulumi/pulumi/log").debug = () => Promise.resolve();
}

require("./compile.cjs");
