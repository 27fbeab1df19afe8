import type { Context, Resource } from "../../../../provider/frame/types";
import { DockerError } from "../daemon";
import type { Daemon } from "../daemon";

/** Stops the container in its own time and removes it; one that is gone already is fine. */
export async function removeContainer({ id, state }: Resource, { client, status }: Context<Daemon>): Promise<void> {
  const container = client.docker.getContainer(id);
  const name = String(state["name"]);
  const grace = (state["destroyGraceSeconds"] ?? 0) as number;
  if (grace > 0) status(`stopping, at most ${grace} s`);
  await tolerating(304, () => client.find(`stop container ${name}`, container.stop({ t: grace })));
  const options = { force: true, v: state["removeVolumes"] !== false };
  await tolerating(409, () => client.find(`remove container ${name}`, container.remove(options)));
  // 409: somebody else is removing it, which must have ended before its name is free.
  await client.find(`wait until container ${name} is removed`, container.wait({ condition: "removed" }));
}

async function tolerating(status: number, request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!(error instanceof DockerError && error.status === status)) throw error;
  }
}
