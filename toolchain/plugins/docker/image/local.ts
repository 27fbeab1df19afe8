import type { ImageInspectInfo } from "dockerode";
import type { Context } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";

/** The image on the daemon, by name or id. */
export async function findImage(client: Daemon, name: string): Promise<ImageInspectInfo | undefined> {
  return client.find(`inspect image ${name}`, client.docker.getImage(name).inspect());
}

/** The image on the daemon; pulled if it is not there. */
export async function findOrPull(name: string, { client, status }: Context<Daemon>): Promise<ImageInspectInfo> {
  const local = await findImage(client, name);
  if (local) return local;
  status(`pulling ${name}`);
  const absent = `image ${name} is not on the Docker host, and cannot be pulled`;
  const stream = await client.ask(absent, client.docker.pull(name));
  await client.ask(absent, new Promise<void>((resolve, reject) => {
    client.docker.modem.followProgress(
      stream,
      (error) => (error ? reject(error) : resolve()),
      ({ status: state, id }: { status?: string; id?: string }) => {
        if (state) status(id ? `${id}: ${state}` : state);
      },
    );
  }));
  const pulled = await findImage(client, name);
  if (!pulled) throw new Error(`${absent}: the registry gave another name`);
  return pulled;
}
