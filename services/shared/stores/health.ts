/** A store that the service cannot work without. */
export interface Dependency {
  /** Name in the health report: `database`, `cache`, `object_store`. */
  readonly name: string;
  /** Resolves when the store has answered to this service's own login; rejects otherwise. */
  check(): Promise<void>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** One dependency's answer. */
export interface DependencyHealth {
  status: "up" | "down";
  /** Time until it answered, failed or was given up, in milliseconds. */
  latency_ms: number;
  /** Why it is down, in a word or a short sentence. */
  error?: string;
}

/** What was found of all of them. */
export interface HealthReport {
  status: "ok" | "unavailable";
  dependencies: Record<string, DependencyHealth>;
}

/** How long a dependency may take to answer, in milliseconds. */
export const checkLimitMs = 2000;

/**
 * Makes the function that asks all dependencies at once. It always resolves, a little after `limitMs` at the latest.
 * Calls that come while a round is under way get its result, so that a flood of health requests reaches no store.
 *
 * @param onFailure is told of every failed check, with the error itself
 */
export function healthCheck(
  dependencies: readonly Dependency[],
  onFailure: (dependency: string, error: unknown) => void,
  limitMs = checkLimitMs,
): () => Promise<HealthReport> {
  const round = async (): Promise<HealthReport> => {
    const answers = await Promise.all(
      dependencies.map(async (dependency) => [dependency.name, await ask(dependency, onFailure, limitMs)] as const),
    );
    const allUp = answers.every(([, { status }]) => status === "up");
    return { status: allUp ? "ok" : "unavailable", dependencies: Object.fromEntries(answers) };
  };
  let underWay: Promise<HealthReport> | undefined;
  return () => {
    underWay ??= round().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

async function ask(
  dependency: Dependency,
  onFailure: (dependency: string, error: unknown) => void,
  limitMs: number,
): Promise<DependencyHealth> {
  const start = performance.now();
  const latency = () => Math.round((performance.now() - start) * 10) / 10;
  try {
    await withinLimit(dependency.check(), limitMs);
    return { status: "up", latency_ms: latency() };
  } catch (error) {
    onFailure(dependency.name, error);
    return { status: "down", latency_ms: latency(), error: reason(error) };
  }
}

async function withinLimit(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** The code where there is one (`ECONNREFUSED`, `28P01`, `AccessDenied`): messages may tell more than callers need. */
function reason(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string" && code !== "") return code;
  return error instanceof Error ? error.message : String(error);
}
