"use strict";
// Runs models in a thread of its own, one question after the other: inference.ts tells it what to do. It is JavaScript,
// so that tests start it as it is; the image has it beside main.js.
const { parentPort } = require("node:worker_threads");
const { env, InferenceSession, Tensor } = require("onnxruntime-node");

// Its warnings, about graphics processors that are not there, say, are no JSON.
env.logLevel = "error";

/** It runs in this thread, without threads of its own. */
const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
const sessions = new Map();

const tasks = {
  async load({ session, weights }) {
    sessions.set(session, await InferenceSession.create(weights, options));
  },
  async ask({ session, features }) {
    const start = performance.now();
    const input = { features: new Tensor("float32", features, [1, features.length]) };
    const { probabilities } = await sessions.get(session).run(input);
    return { probabilities: Array.from(probabilities.data), ms: performance.now() - start };
  },
  async forget({ session }) {
    await sessions.get(session)?.release();
    sessions.delete(session);
  },
};

let turn = Promise.resolve();
parentPort.on("message", (message) => {
  turn = turn.then(() => (message.task === "close" ? parentPort.close() : answer(message)));
});

async function answer({ id, task, given }) {
  try {
    parentPort.postMessage({ id, result: await tasks[task](given) });
  } catch (error) {
    parentPort.postMessage({ id, failure: error.message });
  }
}
