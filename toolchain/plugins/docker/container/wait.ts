import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "dockerode";
import type { Context } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";
import { inspectContainer } from "./find";
import { logTail } from "./logs";
import type { Inspected } from "./state";

/** Milliseconds between two looks at a container. */
const PAUSE = 200;
/** A container that Docker had to restart so often does not come up by itself. */
const RESTARTS = 3;

/** Resolves when the container is healthy; rejects with the reason as soon as it cannot become so. */
export async function untilHealthy(container: Container, timeout: number, context: Context<Daemon>): Promise<void> {
  const { client, signal, status } = context;
  const end = Date.now() + timeout * 1000;
  let restartsBefore: number | undefined;
  for (let last = ""; ; ) {
    const { State: state, RestartCount: count } = await inspectContainer(client, container);
    const restarts = count - (restartsBefore ??= count);
    const health = state.Health?.Status;
    if (state.Running && health === "healthy") return;
    const stopped = !state.Running && !state.Restarting;
    if (stopped || restarts >= RESTARTS) {
      const what = stopped ? `exited with code ${state.ExitCode}` : `was restarted ${restarts} times`;
      throw new Error(`the container ${what} instead of becoming healthy; ${await logTail(client, container)}`);
    }
    if (health === undefined && state.Running) {
      throw new Error("wait needs a health check, and the container has none: set healthcheck, or leave out wait");
    }
    if (Date.now() >= end) throw new Error(await explainUnhealthy(container, timeout, state, client));
    const now = `health: ${health ?? "restarting"}`;
    if (now !== last) status((last = now));
    await sleep(PAUSE, undefined, { signal });
  }
}

async function explainUnhealthy(
  container: Container,
  timeout: number,
  state: Inspected["State"],
  client: Daemon,
): Promise<string> {
  const check = state.Health?.Log?.at(-1);
  const said = check
    ? `its last health check exited with code ${check.ExitCode}: ${check.Output.trim() || "no output"}`
    : "no health check has run yet: shorten its interval";
  return `the container is not healthy after ${timeout} s (waitTimeout); ${said}; ${await logTail(client, container)}`;
}

/** Resolves with the exit code when the container has ended. */
export async function untilExited(container: Container, { client, signal, status }: Context<Daemon>): Promise<number> {
  status("running until it ends");
  const options = { condition: "not-running" as const, abortSignal: signal };
  const ended = container.wait(options) as Promise<{ StatusCode: number }>;
  return (await client.ask("wait for the container's end", ended)).StatusCode;
}
