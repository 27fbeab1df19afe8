/** A step is worth a line when it has taken this long, in milliseconds. */
const visibleAfter = 1000;
/** How often a long step says that it goes on: on a terminal by rewriting its line, else by a line of its own. */
const terminalInterval = 500;
const plainInterval = 15_000;

interface Running {
  name: string;
  since: number;
  note: string;
}

const running = new Set<Running>();
const out = process.stderr;
let ticker: NodeJS.Timeout | undefined;

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const describe = ({ name, since, note }: Running) => `${name} ... ${seconds(since)}${note && `, ${note}`}`;
const visible = () => [...running].filter(({ since }) => Date.now() - since >= visibleAfter);

function tick() {
  if (visible().length === 0) return;
  if (!out.isTTY) return visible().forEach((step) => out.write(`  ${describe(step)}\n`));
  const line = `  ${visible().map(describe).join(" | ")}`;
  out.write(`\r\x1b[K${line.slice(0, (out.columns || 80) - 1)}`);
}

/** A line for the user. Progress goes to stderr: stdout is for what a command is asked for. */
export function say(text: string) {
  if (out.isTTY && running.size > 0) out.write("\r\x1b[K");
  out.write(`${text}\n`);
}

/**
 * Runs one step, shows that it goes on, and prints its name and time if it took over a second.
 *
 * @param work is handed a function that takes a short remark on how far the step is
 */
export async function step<T>(name: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
  const self: Running = { name, since: Date.now(), note: "" };
  running.add(self);
  ticker ??= setInterval(tick, out.isTTY ? terminalInterval : plainInterval).unref();
  const announce = setTimeout(() => out.isTTY || say(`  ${name} ...`), visibleAfter).unref();
  const finish = (outcome: string) => {
    clearTimeout(announce);
    running.delete(self);
    if (outcome || Date.now() - self.since >= visibleAfter) say(`  ${name}: ${outcome}${seconds(self.since)}`);
    if (running.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
  try {
    const result = await work((text) => (self.note = text));
    finish("");
    return result;
  } catch (error) {
    finish("failed after ");
    throw error;
  }
}
