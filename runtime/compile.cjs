"use strict";
// Lets Node read TypeScript: `node --require ./runtime/compile.cjs FILE.ts`. A file is compiled, without a type
// check, the first time that it is read in the state it is in, and kept below node_modules. Loaders that compile at
// every start cost a preview half a second (docs/decisions/0009-speed.md).
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

// Newer Nodes have it. Without it, pg loads an HTTP client to find out that this is not Cloudflare.
globalThis.navigator ??= { userAgent: "Node.js" };

// Stacks name the lines of the source; the maps are in what was compiled.
const texts = new Map();
require("source-map-support").install({ retrieveFile: (file) => texts.get(file) ?? null });

const folder = join(__dirname, "../node_modules/.cache/hma-infra");
// What is imported when it is needed is required then: a package's ES modules load twice as slowly.
const supported = { "dynamic-import": false };
const options = { loader: "ts", format: "cjs", target: "node20", supported, sourcemap: "inline", sourcesContent: false };
const version = JSON.stringify([require("esbuild/package.json").version, options]);

require.extensions[".ts"] = (module, file) => {
  texts.set(file, compiled(file));
  module._compile(texts.get(file), file);
};

function compiled(file) {
  const source = readFileSync(file, "utf8");
  const kept = join(folder, `${createHash("sha256").update(version).update(file).update(source).digest("hex")}.js`);
  const known = read(kept);
  if (known !== undefined) return known;
  const { code } = require("esbuild").transformSync(source, { ...options, sourcefile: file });
  keep(kept, code);
  return code;
}

// What cannot be read or kept is compiled every time: a checkout may belong to somebody else, a disk may be full.
function read(kept) {
  try {
    return readFileSync(kept, "utf8");
  } catch {
    return undefined;
  }
}

/** In one step, because many processes start at once. */
function keep(kept, code) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, code);
    renameSync(`${kept}.${process.pid}`, kept);
  } catch {
    return;
  }
}
