import type { ImageInspectInfo } from "dockerode";
import type { Context, Failure, Resource, ResourceType, Values } from "../../../../provider/frame/types";
import { bridgeMeta } from "../bridge-meta";
import type { Daemon } from "../daemon";
import { fixed, flag, list, map, object, output, text } from "../properties";
import { buildImage, checkBuild } from "./build";
import { findImage, findOrPull } from "./local";

/** `docker:index/remoteImage:RemoteImage`: built or pulled. Its id is the image's id followed by its name. */
export const remoteImage: ResourceType<Daemon> = {
  properties: {
    name: text({ required: true }, fixed),
    build: object({
      context: text({ required: true }, fixed),
      dockerfile: text({ default: "Dockerfile" }, fixed),
      buildArgs: map(text(), fixed),
      label: map(text()),
      tags: list(text()),
      target: text(fixed),
      noCache: flag(fixed),
      pullParent: flag(fixed),
      remove: flag({ default: true }),
      useLegacyBuilder: flag({ default: false }, fixed),
    }),
    keepLocally: flag(),
    forceRemove: flag(),
    triggers: map(text(), fixed),
    imageId: text(output),
    repoDigest: text(output),
  },
  check,
  diff,
  create,
  read,
  update,
  delete: remove,
};

async function check({ build }: Values): Promise<Failure[]> {
  return build ? checkBuild(build as Values) : [];
}

async function diff(old: Resource, _inputs: Values, { client, log }: Context<Daemon>) {
  const name = String(old.state["name"]);
  if (await findImage(client, name)) return [];
  log("warning", `image ${name} is gone from Docker: it will be made again`);
  return [{ path: "imageId", kind: "update" as const, replace: true }];
}

async function create(inputs: Values, context: Context<Daemon>): Promise<Resource> {
  const name = inputs["name"] as string;
  if (inputs["build"]) await buildImage(name, inputs["build"] as Values, context);
  return resourceOf(await findOrPull(name, context), inputs);
}

async function read(_id: string, state: Values, { client }: Context<Daemon>): Promise<Resource | undefined> {
  const name = state["name"] as string | undefined;
  if (name === undefined) throw new Error("an image cannot be imported: declare it, and it is taken as it is");
  const found = await findImage(client, name);
  return found && resourceOf(found, state);
}

/** What can change in place says only how the image is treated later. */
async function update(_old: Resource, inputs: Values, context: Context<Daemon>): Promise<Resource> {
  return resourceOf(await findOrPull(inputs["name"] as string, context), inputs);
}

async function remove({ state }: Resource, { client }: Context<Daemon>): Promise<void> {
  if (state["keepLocally"]) return;
  const name = state["name"] as string;
  const found = await findImage(client, name);
  // The name may be that of the image which replaces this one.
  if (found?.Id !== state["imageId"]) return;
  const options = { force: state["forceRemove"] === true };
  await client.find(`remove image ${name}`, client.docker.getImage(name).remove(options));
}

function resourceOf(found: ImageInspectInfo, known: Values): Resource {
  const name = known["name"] as string;
  const id = found.Id + name;
  const state: Values = {
    ...known,
    id,
    imageId: found.Id,
    repoDigest: repoDigest(name, found.RepoDigests ?? []),
    __meta: bridgeMeta({ timeouts: true }),
  };
  return { id, state };
}

/** The digest under which the registry of `name` knows the image; empty for one that was built here. */
function repoDigest(name: string, digests: string[]): string {
  if (digests.length <= 1) return digests[0] ?? "";
  return digests.find((digest) => digest.startsWith(name.split(":")[0]!)) ?? "";
}
