import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../lib/postgres/session";
import { kept } from "../../toolchain/bootstrap/cache";
import { run } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";
import { step } from "../../toolchain/bootstrap/progress";

/** Applies its files to the database of a connection, in a process of its own, each file in a transaction. */
export interface Tool {
  name: string;
  apply: (connection: Connection) => Promise<unknown>;
}

type Files = Readonly<Record<string, string>>;

/** Ours, as `make migrate` starts it. */
export function ourEngine(files: Files, folder: string): Tool {
  write(join(folder, "sql/migrations"), files, (name) => `${name}.sql`);
  const args = ["--require", join(project, "runtime/compile.cjs"), join(project, "ops/migrations/apply.ts")];
  return {
    name: "`make migrate`'s command",
    apply: (connection) => run(process.execPath, args, { cwd: folder, env: { ...libpq(connection), STACK: "" } }),
  };
}

/** The floor: psql reads the same files and keeps no account of anything. */
export function psql(files: Files, folder: string): Tool {
  write(folder, files, (name) => `${name}.sql`, (sql) => `BEGIN;\n${sql}COMMIT;\n`);
  const all = Object.keys(files).flatMap((name) => ["--file", join(folder, `${name}.sql`)]);
  const args = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", ...all];
  return {
    name: "`psql --file`, all files in one process",
    apply: (connection) => run("psql", args, { env: { ...libpq(connection), PGSSLMODE: "verify-full" } }),
  };
}

/** @param modules where `migrationPeers` has put it */
export function nodePgMigrate(files: Files, folder: string, modules: string): Tool {
  write(folder, files, (name) => `${name}.sql`, (sql) => `-- Up Migration\n${sql}`);
  const bin = join(modules, "node-pg-migrate/bin/node-pg-migrate.js");
  const args = [bin, "up", "--migrations-dir", folder, "--no-single-transaction", "--no-verbose"];
  return {
    name: "node-pg-migrate",
    apply: (connection) => run(process.execPath, [...args, "--migrations-schema", "migrations"], { env: url(connection) }),
  };
}

/** @param modules where `migrationPeers` has put it */
export function graphileMigrate(files: Files, folder: string, modules: string): Tool {
  let previous: string | undefined;
  write(join(folder, "migrations/committed"), files, fileOfGraphile, (sql) => {
    const hash = createHash("sha1").update(`${`${previous ?? ""}\n${sql.trim()}`.trim()}\n`).digest("hex");
    const text = `--! Previous: ${previous ?? "-"}\n--! Hash: sha1:${hash}\n\n${sql}`;
    previous = `sha1:${hash}`;
    return text;
  });
  writeFileSync(join(folder, ".gmrc"), "{}");
  const bin = join(modules, "graphile-migrate/dist/cli.js");
  return {
    name: "graphile-migrate",
    apply: (connection) => run(process.execPath, [bin, "migrate"], { cwd: folder, env: url(connection) }),
  };
}

/** What ours is measured against, as tests/bench/migration-peers pins it. @returns its node_modules */
export async function migrationPeers(): Promise<string> {
  const pinned = join(project, "tests/bench/migration-peers");
  const lock = "package-lock.json";
  const key = createHash("sha256").update(readFileSync(join(pinned, lock))).digest("hex").slice(0, 12);
  const folder = await step("Installing node-pg-migrate and graphile-migrate", () =>
    kept("migration-peers", key, async (part) => {
      for (const file of ["package.json", lock]) copyFileSync(join(pinned, file), join(part, file));
      await run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: part });
    }),
  );
  return join(folder, "node_modules");
}

const fileOfGraphile = (name: string) => `${name.replace("_", "-")}.sql`;

function write(folder: string, files: Files, fileOf: (name: string) => string, textOf = (sql: string) => sql) {
  mkdirSync(folder, { recursive: true });
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, fileOf(name)), textOf(sql));
}

function libpq({ host, port, database, user, password, caFile }: Connection): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  const login = { PGUSER: user, PGPASSWORD: password, PGSSLROOTCERT: caFile };
  return { PATH, HOME, PGHOST: host, PGPORT: String(port), PGDATABASE: database, ...login };
}

function url({ host, port, database, user, password, caFile }: Connection): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  const address = `postgres://${user}:${password}@${host}:${port}/${database}`;
  return { PATH, HOME, DATABASE_URL: `${address}?sslmode=verify-full&sslrootcert=${caFile}` };
}
