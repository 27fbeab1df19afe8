import type { Values } from "../../../../provider/frame/types";
import type { Daemon } from "../daemon";

/** If `message` says that a port of the host is taken: which one, and by whom; else undefined. */
export async function explainPortInUse(client: Daemon, message: string, ports: Values[]): Promise<string | undefined> {
  if (!/port is already allocated|address already in use/.test(message)) return undefined;
  const named = /(?:Bind for|listen \w+|exposing port \w+) \S*?:(\d+)/.exec(message)?.[1];
  const wanted = named ? [Number(named)] : ports.map((port) => port["external"] as number);
  const containers = await client.ask("list containers", client.docker.listContainers());
  const holders = containers.filter(({ Ports }) => Ports.some(({ PublicPort }) => wanted.includes(PublicPort)));
  const holder = holders.map(({ Names, Id }) => Names[0]?.slice(1) ?? Id).join(", ");
  return holder
    ? `port ${wanted.join(", ")} of the host is published by container ${holder}: stop that, or choose another port`
    : `port ${wanted.join(", ")} of the host is in use. Find by which process: ss -ltnp 'sport = :${wanted[0]}'`;
}
