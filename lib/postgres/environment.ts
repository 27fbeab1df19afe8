import { serverVariables } from "../server-variables";
import type { Connection } from "./session";

const variables = {
  PGHOST: "the server's name or address",
  PGDATABASE: "the database",
  PGUSER: "the role to log in as",
  PGSSLROOTCERT: "PEM file of the authority that the server's certificate must come from",
};

/**
 * The connection that libpq's own variables lead to: PGHOST, PGPORT (5432), PGDATABASE, PGUSER, PGSSLROOTCERT, and
 * PGPASSWORD or a file as libpq reads it (PGPASSFILE, `~/.pgpass`). Always TLS with the certificate verified, whatever
 * PGSSLMODE says.
 *
 * @throws UserError that names every variable that is missing
 */
export function connectionFromEnvironment(env: NodeJS.ProcessEnv): Connection {
  const set = serverVariables(env, "database", variables, { name: "PGPORT", default: 5432 });
  return {
    host: set.PGHOST,
    port: set.port,
    database: set.PGDATABASE,
    user: set.PGUSER,
    ...(env["PGPASSWORD"] && { password: env["PGPASSWORD"] }),
    caFile: set.PGSSLROOTCERT,
  };
}
