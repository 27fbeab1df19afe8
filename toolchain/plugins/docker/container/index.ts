import type { Change, Context, Resource, ResourceType, Values } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";
import { checkContainer } from "./check";
import { create } from "./create";
import { findContainer } from "./find";
import { properties } from "./properties";
import { removeContainer } from "./remove";
import { containerResource } from "./state";
import { update } from "./update";

/** `docker:index/container:Container`; its id is Docker's. */
export const container: ResourceType<Daemon> = {
  deleteBeforeReplace: true,
  properties,
  check: checkContainer,
  diff,
  create,
  read,
  update,
  delete: removeContainer,
};

/** What happened to the container outside of Pulumi, so that a plain up mends it. */
async function diff(old: Resource, inputs: Values, { client, log }: Context<Daemon>): Promise<Change[]> {
  const name = String(old.state["name"]);
  const found = await findContainer(client, old.id);
  if (!found) {
    log("warning", `container ${name} is gone from Docker: it will be made again`);
    return [{ path: "networkDatas", kind: "update", replace: true }];
  }
  if (found.State.Running || !inputs["mustRun"] || !inputs["start"]) return [];
  log("warning", `container ${name} has stopped (exit code ${found.State.ExitCode}): it will be started`);
  return [{ path: "mustRun", kind: "update" }];
}

async function read(id: string, state: Values, { client }: Context<Daemon>): Promise<Resource | undefined> {
  const found = await findContainer(client, id);
  return found && containerResource(found, state);
}
