import type { VolumeInspectInfo } from "dockerode";
import type { Context, Resource, ResourceType, Values } from "../../../provider/frame/types";
import { bridgeMeta } from "./bridge-meta";
import { DockerError } from "./daemon";
import type { Daemon } from "./daemon";
import { labelMap, labelPairs, sameLabels } from "./labels";
import { fixed, labels, open, output, text } from "./properties";
import { untilReleased } from "./retry";

/** `docker:index/volume:Volume`; its id is its name. */
export const volume: ResourceType<Daemon> = {
  deleteBeforeReplace: true,
  properties: {
    name: text({ required: true }, fixed),
    driver: text(open, fixed),
    labels: labels(fixed),
    mountpoint: text(output),
  },
  diff,
  create,
  read,
  delete: remove,
};

async function diff(old: Resource, _inputs: Values, { client, log }: Context<Daemon>) {
  if (await inspect(client, old.id)) return [];
  log("warning", `volume ${old.id} is gone from Docker, with its data: it will be made again, empty`);
  return [{ path: "mountpoint", kind: "update" as const, replace: true }];
}

async function create(inputs: Values, { client, log }: Context<Daemon>): Promise<Resource> {
  const name = inputs["name"] as string;
  const labelsWanted = labelMap(inputs["labels"]);
  const existing = await inspect(client, name);
  if (existing) {
    // Docker would say yes and change nothing. What bears other labels is somebody else's data.
    if (!sameLabels(existing.Labels ?? {}, labelsWanted)) {
      throw new Error(
        `a volume ${name} with other labels exists already. Import it, give this one another name, ` +
          `or remove it with its data: docker volume rm ${name}`,
      );
    }
    log("info", `volume ${name} exists already, with the same labels: taken over with its data`);
  }
  const options = { Name: name, Driver: (inputs["driver"] as string | undefined) ?? "local", Labels: labelsWanted };
  await client.ask(`create volume ${name}`, client.docker.createVolume(options));
  const found = await inspect(client, name);
  if (!found) throw new Error(`volume ${name} was removed by somebody else meanwhile`);
  return resourceOf(found);
}

async function read(id: string, _state: Values, { client }: Context<Daemon>): Promise<Resource | undefined> {
  const found = await inspect(client, id);
  return found && resourceOf(found);
}

async function remove({ id }: Resource, context: Context<Daemon>): Promise<void> {
  const { client } = context;
  await untilReleased(async () => {
    try {
      await client.find(`remove volume ${id}`, client.docker.getVolume(id).remove({ force: true }));
      return undefined;
    } catch (error) {
      if (!(error instanceof DockerError && error.message.includes("volume is in use"))) throw error;
      return `volume ${id} is still used by ${(await usersOf(client, id)).join(", ")}`;
    }
  }, context);
}

async function usersOf(client: Daemon, id: string): Promise<string[]> {
  const options = { all: true, filters: { volume: [id] } };
  const users = await client.ask(`list users of volume ${id}`, client.docker.listContainers(options));
  return users.map(({ Id, Names }) => Names[0]?.slice(1) ?? Id);
}

async function inspect(client: Daemon, id: string): Promise<VolumeInspectInfo | undefined> {
  return client.find(`inspect volume ${id}`, client.docker.getVolume(id).inspect());
}

function resourceOf(found: VolumeInspectInfo): Resource {
  const state: Values = {
    id: found.Name,
    name: found.Name,
    driver: found.Driver,
    labels: labelPairs(found.Labels),
    mountpoint: found.Mountpoint,
    __meta: bridgeMeta({ schemaVersion: 1 }),
  };
  return { id: found.Name, state };
}
