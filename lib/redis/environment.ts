import { serverVariables } from "../server-variables";
import type { CacheConnection } from "./session";

const variables = {
  REDIS_HOST: "the server's name or address",
  REDIS_USERNAME: "the user to log in as",
  REDIS_PASSWORD: "that user's password",
  CA_FILE: "PEM file of the authority that the server's certificate must come from",
};

/**
 * The connection that the variables lead to which applications have too: REDIS_HOST, REDIS_PORT (6379),
 * REDIS_USERNAME, REDIS_PASSWORD, CA_FILE.
 *
 * @throws UserError that names every variable that is missing
 */
export function cacheFromEnvironment(env: NodeJS.ProcessEnv): CacheConnection {
  const set = serverVariables(env, "cache", variables, { name: "REDIS_PORT", default: 6379 });
  return {
    host: set.REDIS_HOST,
    port: set.port,
    user: set.REDIS_USERNAME,
    password: set.REDIS_PASSWORD,
    caFile: set.CA_FILE,
  };
}
