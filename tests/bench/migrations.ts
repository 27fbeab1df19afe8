import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { schemaOwner } from "../../catalog/roles";
import { run, which } from "../../toolchain/bootstrap/commands";
import { project } from "../../toolchain/bootstrap/places";
import { UserError } from "../../lib/errors";
import { median } from "../support/median";
import { OpsCommands } from "../support/ops-command";
import { PlatformDatabase } from "../support/platform-database";
import { rounds, seconds, type Comparison, type Limit, type Times } from "./measure";
import { graphileMigrate, migrationPeers, nodePgMigrate, ourEngine, psql, type Tool } from "./migration-tools";
import { ordinaryMigrations } from "./ordinary-migrations";
import { renderReport } from "./report";

const count = 200;

/** The migrations engine against plain psql and two others, and what it takes to find nothing to do. */
export async function measureMigrations(): Promise<string> {
  if (!which("psql")) {
    const mend = "apt-get install postgresql-client";
    throw new UserError("The benchmark cannot run:", [{ where: "psql", what: "is not installed", mend }]);
  }
  const folder = await mkdtemp(join(tmpdir(), "hma-bench-"));
  const server = await PlatformDatabase.start();
  try {
    await server.furnish();
    return renderReport(await compareTools(server, folder), [await measureStatus(server, folder)]);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

async function compareTools(server: PlatformDatabase, folder: string): Promise<Comparison[]> {
  const files = ordinaryMigrations(count);
  const modules = await migrationPeers();
  const tools = [
    ourEngine(files, join(folder, "ours")),
    psql(files, join(folder, "psql")),
    nodePgMigrate(files, join(folder, "node-pg-migrate"), modules),
    graphileMigrate(files, join(folder, "graphile-migrate"), modules),
  ];
  const times = tools.map((): Times => []);
  for (let round = 1; round <= rounds; round++) {
    console.log(`${count} migrations, round ${round} of ${rounds}`);
    for (const [index, tool] of tools.entries()) {
      times[index]!.push(await applyToEmpty(server, tool, `bench_${round}_${index}`));
    }
  }
  const [ours, ...peers] = tools.map(({ name }, index) => ({ name, times: times[index]! }));
  const [floor] = peers;
  return peers.map((peer) => ({ title: `${count} migrations`, ours: ours!, peer, ...(peer === floor && { aim: 1.3 }) }));
}

async function applyToEmpty(server: PlatformDatabase, tool: Tool, name: string): Promise<number> {
  const database = await server.emptyDatabase(name);
  await server.psql(`GRANT CREATE ON DATABASE ${database} TO ${schemaOwner}`, "postgres");
  const time = await seconds(() => tool.apply(server.connection(schemaOwner, database)));
  const made = await server.psql("SELECT count(*) FROM pg_trigger WHERE tgname = 'touch'", database);
  if (Number(made) !== count / 4) throw new Error(`${tool.name} made ${made} of ${count / 4} triggers`);
  await server.psql(`DROP DATABASE ${database}`, "postgres");
  return time;
}

/** In turns with the same Node, loader and working directory, and nothing to do. */
async function measureStatus(server: PlatformDatabase, folder: string): Promise<Limit> {
  const empty = join(folder, "empty.ts");
  await writeFile(empty, "");
  const ops = new OpsCommands(join(project, "sql/migrations"), server.connection());
  const node = (file: string) => run(process.execPath, ["--require", join(project, "runtime/compile.cjs"), file]);
  const status = async () => {
    const { code, stderr } = await ops.run("migrations/status.ts");
    if (code !== 0) throw new Error(stderr);
  };
  try {
    await ops.run("migrations/apply.ts");
    await status();
    await node(empty);
    const [floor, beyond]: [Times, Times] = [[], []];
    for (let round = 1; round <= 3 * rounds; round++) {
      floor.push(await seconds(() => node(empty)));
      beyond.push((await seconds(status)) - floor.at(-1)!);
    }
    const start = `the start of an empty script (${Math.round(median(floor) * 1000)} ms)`;
    return { what: `\`make migrate-status\`'s command with nothing to do, beyond ${start}`, times: beyond, aimSeconds: 0.1 };
  } finally {
    ops.remove();
  }
}
