import { fstatSync } from "node:fs";

/** Milliseconds between two looks at the parent, where nothing else tells of its end. */
const INTERVAL = 500;

/**
 * Ends this process with the one that started it, however that ends. The engine keeps the other end of our
 * standard input open, which the kernel closes even when the engine is killed.
 */
export function endWithParent(end: () => void = () => process.exit(0)): void {
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, end);
  const stdin = fstatSync(0);
  if (stdin.isFIFO() || stdin.isSocket()) process.stdin.once("close", end).once("error", end).resume();
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, INTERVAL).unref();
}
