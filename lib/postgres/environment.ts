import { UserError } from "../errors";
import type { Connection } from "./session";

const variables = {
  PGHOST: "the server's name or address",
  PGDATABASE: "the database",
  PGUSER: "the role to log in as",
  PGSSLROOTCERT: "PEM file of the authority that the server's certificate must come from",
} as const;

/**
 * The connection that libpq's own variables lead to: PGHOST, PGPORT (5432), PGDATABASE, PGUSER, PGSSLROOTCERT, and
 * PGPASSWORD or a file as libpq reads it (PGPASSFILE, `~/.pgpass`). Always TLS with the certificate verified, whatever
 * PGSSLMODE says.
 *
 * @throws UserError that names every variable that is missing
 */
export function connectionFromEnvironment(env: NodeJS.ProcessEnv): Connection {
  const missing = Object.entries(variables).filter(([name]) => !env[name]);
  const port = Number(env["PGPORT"] || "5432");
  const mistakes = missing.map(([name, what]) => ({ where: name, what: "is not set", mend: `set it: ${what}` }));
  if (!(Number.isInteger(port) && port > 0 && port < 65536)) {
    mistakes.push({ where: "PGPORT", what: `${env["PGPORT"]} is no port`, mend: "set it to a number from 1 to 65535" });
  }
  if (mistakes.length > 0) throw new UserError("No database to work on:", mistakes);
  const value = (name: keyof typeof variables) => env[name]!;
  return {
    host: value("PGHOST"),
    port,
    database: value("PGDATABASE"),
    user: value("PGUSER"),
    ...(env["PGPASSWORD"] && { password: env["PGPASSWORD"] }),
    caFile: value("PGSSLROOTCERT"),
  };
}
