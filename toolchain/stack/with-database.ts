import { resolve } from "node:path";
import { schemaOwner, type Role } from "../../catalog/roles";
import { project } from "../bootstrap/places";
import { onStack } from "./on-stack";

/**
 * Runs a command of ops/ on the stack's database, which it is told by libpq's variables, as the role that owns the
 * schemas or another: `with-database.ts TARGET FILE [ROLE]`.
 */
onStack(({ endpoints, credentials, database, certificateAuthority, containers }, role = schemaOwner) => {
  const login = credentials[`postgres.${role as Role}`];
  if (!endpoints.postgres || !login) throw new Error("the stack's outputs have no database");
  return {
    PGHOST: endpoints.postgres.host,
    PGPORT: String(endpoints.postgres.port),
    PGDATABASE: database,
    PGUSER: login.username,
    PGPASSWORD: login.password,
    PGSSLROOTCERT: resolve(project, certificateAuthority.file),
    POSTGRES_CONTAINER: containers.postgres,
  };
});
