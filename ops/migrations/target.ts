import { migratedSchemas } from "../../catalog/schemas";
import type { Target } from "../../lib/migrations/engine/target";
import { connectionFromEnvironment } from "../../lib/postgres/environment";

/** Where the files are, in the working directory. */
export const directory = "sql/migrations";

/** The database that libpq's variables lead to, and the migrations of the working directory. */
export function targetFromEnvironment(): Target {
  return {
    connection: connectionFromEnvironment(process.env),
    directory,
    schemas: migratedSchemas,
    status: (message) => process.stderr.write(`  ${message}\n`),
  };
}

/** Whether a variable of make is set to yes. */
export const isYes = (name: string): boolean => process.env[name] === "yes";
