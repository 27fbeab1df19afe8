import { fieldsOf, messages, string } from "./protobuf";

/** One line of the daemon's answer to a build, as far as it matters here. */
export interface BuildMessage {
  id?: string;
  /** A base64 protobuf StatusResponse for `moby.buildkit.trace`, the image's id for `moby.image.id`. */
  aux?: string | { ID?: string };
  error?: string;
}

interface Step {
  name: string;
  started: boolean;
  failed: boolean;
  lines: string[];
}

/** Lines of a failed step's output that are told. */
const TAIL = 40;

/** Follows a BuildKit build: what it is doing now, and what a failed step said. */
export class BuildProgress {
  private readonly steps = new Map<string, Step>();
  private error: string | undefined;

  constructor(private readonly status: (message: string) => void) {}

  add(message: BuildMessage): void {
    if (message.error !== undefined) this.error = message.error;
    if (message.id === "moby.buildkit.trace" && typeof message.aux === "string") this.addTrace(message.aux);
  }

  /** Why the build failed, with the end of the failed step's output; undefined if it did not. */
  failure(): string | undefined {
    if (this.error === undefined) return undefined;
    const failed = [...this.steps.values()].find((step) => step.failed && step.lines.length > 0);
    if (!failed) return this.error;
    const lines = failed.lines.slice(-TAIL);
    return `${this.error}\nlast ${lines.length} lines of ${failed.name}:\n${lines.join("\n")}`;
  }

  /** Field numbers are those of BuildKit's control.proto: StatusResponse, Vertex, VertexLog. */
  private addTrace(base64: string): void {
    const trace = fieldsOf(Buffer.from(base64, "base64"));
    for (const vertex of messages(trace, 1)) {
      const step = this.step(string(vertex, 1));
      step.name = string(vertex, 3) || step.name;
      step.failed ||= vertex.has(7);
      // Once, when it starts: a quick step has ended by then.
      if (vertex.has(5) && !step.started && !step.name.startsWith("[internal]")) this.status(short(step.name));
      step.started ||= vertex.has(5);
    }
    for (const log of messages(trace, 3)) {
      const step = this.step(string(log, 1));
      const lines = string(log, 4).split(/\r?\n|\r/).filter((line) => line.trim() !== "");
      step.lines.push(...lines);
      step.lines.splice(0, step.lines.length - TAIL);
    }
  }

  private step(digest: string): Step {
    const known = this.steps.get(digest);
    if (known) return known;
    const step = { name: digest, started: false, failed: false, lines: [] };
    this.steps.set(digest, step);
    return step;
  }
}

function short(name: string): string {
  const line = name.replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
