import type { Container } from "dockerode";
import { PartialFailure } from "../../../../provider/frame/types";
import type { Context, Resource, Values } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";
import { resourceNow } from "./find";
import { logTail, readLogs } from "./logs";
import { untilExited, untilHealthy } from "./wait";

/**
 * Waits for a started container as its inputs ask: until it is healthy (`wait`), until it has ended (`attach`). If it
 * does not get there it stays as it is, to be looked into, and in the state, so that the next update tries again.
 */
export async function settle(container: Container, inputs: Values, context: Context<Daemon>): Promise<Resource> {
  const { client } = context;
  const known = { ...inputs };
  try {
    if (inputs["wait"]) await untilHealthy(container, inputs["waitTimeout"] as number, context);
    if (inputs["attach"]) {
      const code = await untilExited(container, context);
      if (code !== 0) {
        throw new Error(`the container exited with code ${code}; ${await logTail(client, container)}`);
      }
      if (inputs["logs"]) known["containerLogs"] = await readLogs(client, container);
    }
  } catch (error) {
    const { aborted, reason } = context.signal;
    const why = aborted ? `${(reason as Error).message} while waiting for the container` : (error as Error).message;
    throw new PartialFailure(await resourceNow(client, container, known), [why]);
  }
  return resourceNow(client, container, known);
}
