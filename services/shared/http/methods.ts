import findMyWay, { type HTTPMethod } from "find-my-way";
import type { Server } from "./types";

/**
 * Tells which methods a path has, of the routes that are made after this. Fastify itself says of a path that it is
 * not there where it only has other methods; this asks Fastify's own router for each.
 */
export function methodsOfPaths(server: Server): (path: string) => string[] {
  const routes = findMyWay();
  server.addHook("onRoute", ({ method, url }) => {
    routes.on([method].flat() as HTTPMethod[], url, () => undefined);
  });
  return (path) => server.supportedMethods.filter((method) => routes.find(method as HTTPMethod, path));
}
