import { resolve } from "node:path";
import { project } from "../bootstrap/places";
import { onStack } from "./on-stack";

/** Runs a command of ops/ on the stack's cache, as the user that reads its statistics: `with-cache.ts TARGET FILE`. */
onStack(({ endpoints, credentials, certificateAuthority }) => {
  const login = credentials["redis.hma_monitor"];
  if (!endpoints.redis) throw new Error("the stack's outputs have no cache");
  if (!login) throw new Error("the stack's outputs have no cache user hma_monitor: make up makes it");
  return {
    REDIS_HOST: endpoints.redis.host,
    REDIS_PORT: String(endpoints.redis.port),
    REDIS_USERNAME: login.username,
    REDIS_PASSWORD: login.password,
    CA_FILE: resolve(project, certificateAuthority.file),
  };
});
