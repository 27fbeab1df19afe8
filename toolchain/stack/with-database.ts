import { resolve } from "node:path";
import { schemaOwner, type Role } from "../../catalog/roles";
import { project } from "../bootstrap/places";
import { onStack } from "./on-stack";

/**
 * Runs a command of ops/ on the stack's database, which it is told by libpq's variables, as the role that owns the
 * schemas or another: `with-database.ts TARGET FILE [ROLE]`.
 */
<<<<<<< HEAD
const [target = "", file = "", role = schemaOwner] = process.argv.slice(2);

command(target, async () => {
  const env = process.env["STACK"] === "" ? {} : databaseVariables(await outputs());
  const args = ["--require", "./runtime/compile.cjs", file];
  process.exitCode = await attach(process.execPath, args, { cwd: project, env: { ...process.env, ...env } });
});

async function outputs(): Promise<StackOutputs> {
  const stack = chosenStack();
  const { env } = await toolchainOnly();
  return secretOutputs(env, stack);
}

function databaseVariables({ endpoints, credentials, database, certificateAuthority, containers }: StackOutputs) {
=======
onStack(({ endpoints, credentials, database, certificateAuthority }, role = schemaOwner) => {
>>>>>>> make cache-stats, read by a user who sees no key; time-outs of the statistics say what to do
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
