import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inFull, report } from "../../support/figures";
import { fractions, seed } from "../../support/fractions";
import { MigrationRuns, type Moment, type Outcome } from "./migration-runs";

/** Of each process, in each part of a run: how often it is killed in the midst of it. */
const kills = inFull ? 20 : 1;
/** Some of the moments come when that part, or the run, is over. */
const most = 3 * kills;
const servingWithinMs = 10_000;
/** In milliseconds. */
const limit = (inFull ? 60 : 10) * 60_000;

type Run = ReturnType<MigrationRuns["start"]>;

let runs: MigrationRuns;
/** What the first so many files leave. */
let outcomes: Outcome[];
/** How long an uninterrupted run was busy with each file. */
let durations: Moment[];

beforeAll(async () => {
  console.log(`HMA_SEED=${seed}`);
  runs = await MigrationRuns.start();
  outcomes = await runs.outcomes();
  durations = await uninterrupted();
});

afterAll(() => runs?.stop());

async function uninterrupted(): Promise<Moment[]> {
  const database = await runs.newDatabase();
  const run = runs.start(database);
  const begun: number[] = [];
  for (const { name } of runs.files) {
    await run.reached(name);
    begun.push(Date.now());
  }
  expect(await run.ended).toMatchObject({ code: 0 });
  begun.push(Date.now());
  expect(await runs.outcome(database)).toEqual(outcomes.at(-1));
  await runs.dropDatabase(database);
  return runs.files.map(({ name }, index) => ({ name, afterMs: begun[index + 1]! - begun[index]! }));
}

/** The moment at which that fraction of the time that those files take is over. */
function momentAt(fraction: number, files: readonly Moment[]): Moment {
  let left = fraction * files.reduce((total, { afterMs }) => total + afterMs, 0);
  const file = files.find(({ afterMs }) => (left -= afterMs) < 0)!;
  return { name: file.name, afterMs: Math.round(left + file.afterMs) };
}

const killBackend = (_: Run, database: string) => {
  const pid = `psql -XAtqc "${runs.backendOf(database)}" huntmaster hma_admin`;
  // Without a process there is nothing to kill: the run is over.
  return runs.server.container.exec(["bash", "-c", `kill -9 $(${pid}) || true`]);
};
const killServer = () => runs.server.container.killAndStart();
const killProcess = async ({ child }: Run) => child.kill("SIGKILL");

const faults = [
  ["the backend", killBackend],
  ["the server", killServer],
  ["the migrating process", killProcess],
] as const;

const parts = [
  { proof: 1, part: "amid files in transactions", transaction: true },
  { proof: 2, part: "amid statements that cannot run in a transaction", transaction: false },
];

const cases = parts.flatMap(({ part, ...rest }) =>
  faults.map(([who, kill]) => [`kill -9 of ${who} ${part}`, { ...rest, kill }] as const),
);

it.each(cases)("%s", async (what, { proof, transaction, kill }) => {
  const isOfPart = runs.files.map((file) => file.transaction === transaction);
  const chance = fractions(what);
  let [killed, tried, invalid, slowest] = [0, 0, 0, 0];
  for (; killed < kills && tried < most; tried += 1) {
    const moment = momentAt(chance.next().value, durations.filter((_, index) => isOfPart[index]));
    const where = `${moment.afterMs} ms after it began with ${moment.name}, HMA_SEED=${seed}`;
    const database = await runs.newDatabase();
    const run = runs.start(database);
    await run.reached(moment.name);
    await sleep(moment.afterMs);
    const since = Date.now();
    await kill(run, database);
    const { code } = await run.ended;
    const servingMs = await runs.serving(since);
    expect(servingMs, where).toBeLessThan(servingWithinMs);
    await runs.over(database);

    const left = await runs.outcome(database);
    const done = left.ledger.split("\n").filter(Boolean).length;
    // Of a file in a transaction there is all or nothing; of another the ledger says that it is begun.
    if (!left.begun) expect(left, where).toEqual(outcomes[done]);
    if (code !== 0 && isOfPart[done] && left.begun !== transaction) killed += 1;
    invalid += left.invalidIndexes;
    slowest = Math.max(slowest, servingMs);

    const again = runs.start(database);
    expect(await again.ended, where).toMatchObject({ code: 0 });
    expect(await runs.outcome(database), where).toEqual(outcomes.at(-1));
    await runs.dropDatabase(database);
  }
  expect(killed).toBe(kills);
  if (inFull && !transaction) expect(invalid).toBeGreaterThan(0);
  const times = `${killed} times, and ${tried - killed} times too late for that`;
  const serving = `serving again within ${(slowest / 1000).toFixed(1)} s`;
  const found = transaction ? "0 half-applied" : `${invalid} indexes left invalid, 0 after the rerun`;
  await report(proof, `${what}, ${times}: ${serving}; ${found}; ${tried} of ${tried} reruns reached the identical schema`);
}, limit);
