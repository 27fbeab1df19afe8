import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { extensions } from "../../../catalog/extensions";
import { versionNumber } from "../../../lib/migrations/migration";
import { inFull, report } from "../../support/figures";
import { fractions, seed } from "../../support/fractions";
import { MigrationFolder } from "../../support/migration-folder";
import { PlatformDatabase } from "../../support/platform-database";
import { MigrationRuns } from "./migration-runs";

/** Of each process, in each part of a run: how often it is killed in the midst of it. */
const kills = inFull ? 20 : 1;
const servingWithinMs = 10_000;
/** In milliseconds. */
const limit = (inFull ? 20 : 5) * 60_000;

/** After the project's own: a table with rows, and a file of everything that cannot run in a transaction. */
const extra = [
  `CREATE TABLE content.rows AS SELECT id, md5(id::text) AS text FROM generate_series(1, 100000) AS id;\n`,
  `-- no-transaction
CREATE INDEX CONCURRENTLY rows_text_idx ON content.rows (text);
CREATE UNIQUE INDEX CONCURRENTLY rows_id_idx ON content.rows (id);
REINDEX INDEX CONCURRENTLY content.rows_text_idx;
CREATE INDEX CONCURRENTLY rows_both_idx ON content.rows (text, id);
DROP INDEX CONCURRENTLY content.rows_text_idx;
VACUUM content.rows;
`,
];

/** A part of a run, and for how long an uninterrupted run was last seen to be busy with each file. */
interface Part {
  runs: MigrationRuns;
  busyMs: Map<string, number>;
}

type Run = ReturnType<MigrationRuns["start"]>;

const folders: MigrationFolder[] = [];
let server: PlatformDatabase;
/** The project's migrations, on a database without any. */
let inside: Part;
/** What comes last, outside a transaction, on a database with all others. */
let outside: Part;

beforeAll(async () => {
  console.log(`HMA_SEED=${seed}`);
  server = await PlatformDatabase.start({ onDisk: true });
  await server.furnish({});
  // It can be in one database of a server only, and migrations do without.
  const { pg_cron: _, ...copied } = extensions;
  const pristine = await server.emptyDatabase("pristine", copied);

  const own = new MigrationFolder();
  folders.push(own);
  inside = await timed(new MigrationRuns(server, own, pristine));

  const more = new MigrationFolder();
  folders.push(more);
  const first = inside.runs.files.length + 1;
  extra.forEach((sql, index) => more.write(`${versionNumber(first + index)}_rows_${index}.sql`, sql));
  const others = await server.copyOf(pristine, "others");
  const runs = new MigrationRuns(server, more, others);
  await runs.apply(others, runs.files.length - 1);
  outside = await timed(runs);
});

afterAll(async () => {
  folders.forEach((folder) => folder.remove());
  await server?.stop();
});

async function timed(runs: MigrationRuns): Promise<Part> {
  const database = await runs.newDatabase();
  const run = runs.start(database);
  const begun = new Map<string, number>();
  const name = /applying (\S+) /g;
  run.child.stderr!.on("data", (text: string) => {
    for (const [, file] of text.matchAll(name)) begun.set(file!, Date.now());
  });
  expect(await run.ended).toMatchObject({ code: 0 });
  const moments = [...begun.values(), Date.now()];
  await runs.dropDatabase(database);
  const busy = [...begun.keys()].map((file, index) => [file, moments[index + 1]! - moments[index]!] as const);
  return { runs, busyMs: new Map(busy) };
}

/** The moment at which that fraction of the time that those files take is over. */
function momentAt(fraction: number, files: readonly (readonly [string, number])[]) {
  let left = fraction * files.reduce((total, [, busyMs]) => total + busyMs, 0);
  const [name, busyMs] = files.find(([, busyMs]) => (left -= busyMs) < 0)!;
  return { name, afterMs: Math.round(left + busyMs) };
}

const killBackend = async (_: Run, runs: MigrationRuns, database: string) => {
  const pid = await runs.backendOf(database);
  if (pid !== undefined) await server.container.exec(["bash", "-c", `kill -9 ${pid} || true`]);
};
const killServer = () => server.container.killAndStart();
const killProcess = async ({ child }: Run) => child.kill("SIGKILL");

const faults = [
  ["the backend", killBackend],
  ["the server", killServer],
  ["the migrating process", killProcess],
] as const;

const parts = [
  { proof: 1, where: "amid files in transactions", transaction: true, part: () => inside },
  { proof: 2, where: "amid statements that cannot run in a transaction", transaction: false, part: () => outside },
];

const cases = parts.flatMap(({ where, ...rest }) =>
  faults.map(([who, kill]) => [`kill -9 of ${who} ${where}`, { ...rest, kill }] as const),
);
/** Each process once, and each part. */
const sample = cases.filter((_, index) => index % 2 === 0);

it.each(inFull ? cases : sample)("%s", async (what, { proof, transaction, part, kill }) => {
  const { runs, busyMs } = part();
  const isOfPart = runs.files.map((file) => file.transaction === transaction);
  const chance = fractions(what);
  let [killed, tried, invalid, slowest] = [0, 0, 0, 0];
  for (; killed < kills; tried += 1) {
    const files = runs.files.filter((_, index) => isOfPart[index]).flatMap(({ name }) => {
      const busy = busyMs.get(name);
      return busy === undefined ? [] : [[name, busy] as const];
    });
    const moment = momentAt(chance.next().value, files);
    const where = `${moment.afterMs} ms after it began with ${moment.name}, HMA_SEED=${seed}`;
    const database = await runs.newDatabase();
    const run = runs.start(database);
    await run.reached(moment.name);
    const begun = Date.now();
    const lasted = run.ended.then(() => Date.now() - begun);
    await sleep(moment.afterMs);
    // It has not failed by itself.
    expect(run.child.exitCode ?? 0, where).toBe(0);
    const since = Date.now();
    await kill(run, runs, database);
    const { code } = await run.ended;
    const servingMs = await runs.serving(since);
    expect(servingMs, where).toBeLessThan(servingWithinMs);
    await runs.over(database);

    const left = await runs.outcome(database);
    const done = left.ledger.length;
    // Of a file in a transaction there is all or nothing; of another the ledger says that it is begun.
    if (!left.begun) expect(left, where).toEqual(await runs.after(done));
    if (code !== 0 && isOfPart[done] && left.begun !== transaction) killed += 1;
    // It came too late: the run is quicker now.
    else if (code === 0) busyMs.set(moment.name, Math.min(busyMs.get(moment.name)!, await lasted));
    invalid += left.invalidIndexes;
    slowest = Math.max(slowest, servingMs);

    expect(await runs.start(database).ended, where).toMatchObject({ code: 0 });
    expect(await runs.outcome(database), where).toEqual(await runs.after(runs.files.length));
    await runs.dropDatabase(database);
  }
  // Without its process the server ends the statement that it is at, if that takes less than a second.
  if (inFull && !transaction && kill !== killProcess) expect(invalid).toBeGreaterThan(0);
  const times = `${killed} times, and ${tried - killed} times too early or too late for that`;
  const serving = `serving again within ${(slowest / 1000).toFixed(1)} s`;
  const found = transaction ? "0 half-applied" : `${invalid} indexes left invalid, 0 after the rerun`;
  await report(proof, `${what}, ${times}: ${serving}; ${found}; ${tried} of ${tried} reruns reached the identical schema`);
}, limit);
