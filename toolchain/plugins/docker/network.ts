import type { NetworkInspectInfo } from "dockerode";
import type { Context, Resource, ResourceType, Values } from "../../../provider/frame/types";
import { bridgeMeta } from "./bridge-meta";
import { DockerError } from "./daemon";
import type { Daemon } from "./daemon";
import { labelMap, labelPairs } from "./labels";
import { fixed, flag, labels, list, map, object, open, output, text } from "./properties";
import { untilReleased } from "./retry";

/** `docker:index/network:Network`; its id is Docker's. */
export const network: ResourceType<Daemon> = {
  deleteBeforeReplace: true,
  properties: {
    name: text({ required: true }, fixed),
    driver: text(open, fixed),
    internal: flag(open, fixed),
    attachable: flag(fixed),
    labels: labels(fixed),
    ingress: flag(output),
    ipv6: flag(output),
    ipamDriver: text(output),
    ipamOptions: map(text(), output),
    ipamConfigs: list(
      object({ subnet: text(), ipRange: text(), gateway: text(), auxAddress: map(text()) }),
      output,
    ),
    options: map(text(), output),
    scope: text(output),
  },
  diff,
  create,
  read,
  delete: remove,
};

async function diff(old: Resource, _inputs: Values, { client, log }: Context<Daemon>) {
  if (await inspect(client, old.id)) return [];
  log("warning", `network ${String(old.state["name"])} is gone from Docker: it will be made again`);
  return [{ path: "scope", kind: "update" as const, replace: true }];
}

async function create(inputs: Values, { client }: Context<Daemon>): Promise<Resource> {
  const name = inputs["name"] as string;
  const options = {
    Name: name,
    // Docker of old would make a second one, which then neither name nor the program can tell from the first.
    CheckDuplicate: true,
    Driver: (inputs["driver"] as string | undefined) ?? "bridge",
    Internal: inputs["internal"] === true,
    Attachable: inputs["attachable"] === true,
    IPAM: { Driver: "default" },
    Labels: labelMap(inputs["labels"]),
  };
  try {
    const { id } = await client.ask(`create network ${name}`, client.docker.createNetwork(options));
    const found = await inspect(client, id);
    if (!found) throw new Error(`network ${name} was removed by somebody else meanwhile`);
    return resourceOf(found);
  } catch (error) {
    if (!(error instanceof DockerError && error.status === 409)) throw error;
    throw new Error(`${error.message}. Remove it (docker network rm ${name}), or choose another name`);
  }
}

async function read(id: string, _state: Values, { client }: Context<Daemon>): Promise<Resource | undefined> {
  const found = await inspect(client, id);
  return found && resourceOf(found);
}

async function remove({ id, state }: Resource, context: Context<Daemon>): Promise<void> {
  const { client } = context;
  const name = String(state["name"]);
  await untilReleased(async () => {
    try {
      await client.find(`remove network ${name}`, client.docker.getNetwork(id).remove());
      return undefined;
    } catch (error) {
      if (!(error instanceof DockerError && error.message.includes("has active endpoints"))) throw error;
      const users = Object.values((await inspect(client, id))?.Containers ?? {}).map((container) => container.Name);
      return `network ${name} is still used by ${users.join(", ")}`;
    }
  }, context);
}

async function inspect(client: Daemon, id: string): Promise<NetworkInspectInfo | undefined> {
  const info = client.docker.getNetwork(id).inspect();
  return client.find(`inspect network ${id}`, info);
}

function resourceOf(found: NetworkInspectInfo): Resource {
  const state: Values = {
    id: found.Id,
    name: found.Name,
    driver: found.Driver,
    internal: found.Internal,
    attachable: found.Attachable,
    labels: labelPairs(found.Labels),
    ingress: found.Ingress,
    ipv6: found.EnableIPv6,
    ipamDriver: found.IPAM?.Driver ?? "default",
    ipamOptions: found.IPAM?.Options ?? {},
    ipamConfigs: (found.IPAM?.Config ?? []).map((config) => ({
      subnet: config["Subnet"] ?? "",
      ipRange: config["IPRange"] ?? "",
      gateway: config["Gateway"] ?? "",
      auxAddress: {},
    })),
    options: found.Options ?? {},
    scope: found.Scope,
    __meta: bridgeMeta({ schemaVersion: 1 }),
  };
  return { id: found.Id, state };
}
