import { setTimeout as sleep } from "node:timers/promises";
import type { Server } from "./types";

/** How long connections are told to end, in milliseconds: those that say nothing for so long are not in use. */
const farewellMs = 1000;

const ending = new WeakSet<Server>();

/** Whether a server has been told to end: it still answers, and whoever shares out requests shall leave it out. */
export const isEnding = (server: Server): boolean => ending.has(server);

/**
 * Ends a server so that no request is lost: for a while each answer says that the connection ends with it, and whoever
 * asks opens the next one elsewhere. Closed at once, a server cuts connections on which the next request is on its way.
 */
export async function endGently(server: Server): Promise<void> {
  ending.add(server);
  server.server.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
  await sleep(farewellMs);
  await server.close();
}
