import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { PartialFailure, type Change, type Context, type Resource, type ResourceType, type Values } from "../frame/types";
import { execInContainer } from "./docker-exec";
import { logTail } from "./docker-log";

interface Healthy {
  container: string;
  limitSeconds: number;
}

/** Milliseconds between two checks. */
const pause = 200;
/** A container that Docker had to restart so often does not come up by itself. */
const restartLimit = 3;
/** Docker's own for a health check, in milliseconds. */
const defaultTimeout = 30_000;

/**
 * That a container serves: its own health check, run inside it until it succeeds. Docker runs the first one when an
 * interval has passed, which is seconds after most containers serve, and whatever needs them would wait for that.
 */
export const healthy: ResourceType<Docker> = {
  properties: {
    /** Id of the container: another one is waited for anew. */
    container: { type: "string", required: true },
    limitSeconds: { type: "number", required: true },
  },

  /** One that is not healthy now is waited for again, also when it has just been started by its own resource. */
  async diff({ state }, inputs, { client, log, signal }): Promise<Change[]> {
    // Another container is a change in any case.
    if (inputs.container !== state.container) return [];
    const found = await find(client, String(state.container));
    const problem = found ? await problemOf(client, found, signal) : "is gone";
    if (problem === undefined) return [];
    log("warning", `container ${found ? nameOf(found) : String(state.container)} ${problem}`);
    return [{ path: "container", kind: "update" }];
  },

  create: settle,

  read: async (id, state) => ({ id, state }),

  update: (_old, inputs, context) => settle(inputs, context),

  delete: async () => undefined,
};

async function settle(inputs: Values, context: Context<Docker>): Promise<Resource> {
  const resource = { id: context.name, state: inputs };
  try {
    await untilHealthy(inputs as unknown as Healthy, context);
  } catch (error) {
    const { aborted, reason } = context.signal;
    const why = aborted ? `${(reason as Error).message} while waiting for the container` : (error as Error).message;
    // It stays as it is, to be looked into, and the next update tries again.
    throw new PartialFailure(resource, [why]);
  }
  return resource;
}

/** What starts a container again that its own resource takes to be running: the engine looks at none by itself. */
const remedy = "bring it back by make up, or by pulumi up --refresh --run-program";

async function untilHealthy({ container, limitSeconds }: Healthy, { client, signal, status }: Context<Docker>) {
  const end = Date.now() + limitSeconds * 1000;
  let restartsBefore: number | undefined;
  for (;;) {
    const found = await find(client, container);
    if (!found) throw new Error(`container ${container} was removed by somebody else: ${remedy}`);
    const fail = async (what: string) =>
      new Error(`container ${nameOf(found)} ${what}; ${await logTail(client, container)}`);
    const { State: state, RestartCount: restarts } = found;
    if (!state.Running && !state.Restarting) {
      throw await fail(`exited with code ${state.ExitCode} instead of becoming healthy (if it was stopped, ${remedy})`);
    }
    if (restarts - (restartsBefore ??= restarts) >= restartLimit) throw await fail("is restarted again and again");
    const complaint = await check(client, found, signal);
    if (complaint === undefined) return;
    if (Date.now() >= end) throw await fail(`is not healthy after ${limitSeconds} s: ${complaint}`);
    status("not healthy yet");
    await sleep(pause, undefined, { signal });
  }
}

type Inspected = Docker.ContainerInspectInfo;

async function find(docker: Docker, container: string): Promise<Inspected | undefined> {
  try {
    return await docker.getContainer(container).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

const nameOf = ({ Name }: Inspected) => Name.slice(1);

async function problemOf(docker: Docker, found: Inspected, signal: AbortSignal): Promise<string | undefined> {
  const { Running, Restarting, Health } = found.State;
  if (!Running && !Restarting) return "has stopped";
  if (!Health || Health.Status === "healthy") return undefined;
  // Docker asks seldom: not yet, or not since it is well again.
  const complaint = await check(docker, found, signal);
  return complaint && `is not healthy: ${complaint}`;
}

/** Runs the health check. @returns what is wrong, if anything */
async function check(
  docker: Docker,
  { Id, State, Config }: Inspected,
  cancelled: AbortSignal,
): Promise<string | undefined> {
  const { Test: [kind, ...test] = [], Timeout: nanoseconds } = Config.Healthcheck ?? {};
  if (kind !== "CMD" && kind !== "CMD-SHELL") throw new Error("it has no health check: set one");
  if (State.Restarting) return "it is being restarted";
  if (State.Paused) return "it is paused";
  const command = kind === "CMD" ? test : ["/bin/sh", "-c", ...test];
  const limit = AbortSignal.timeout(nanoseconds ? nanoseconds / 1e6 : defaultTimeout);
  try {
    const ran = await execInContainer(docker, Id, command, "", AbortSignal.any([limit, cancelled]));
    if (ran.exitCode === 0) return undefined;
    return `its health check exited with code ${ran.exitCode}: ${(ran.stderr + ran.stdout).trim() || "no output"}`;
  } catch (error) {
    cancelled.throwIfAborted();
    if (limit.aborted) return "its health check did not end in time";
    // As when it ends at that moment; the next look at the container says what became of it.
    return `its health check cannot be run: ${(error as Error).message}`;
  }
}
