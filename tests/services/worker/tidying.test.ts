import { randomUUID } from "node:crypto";
import type { ClientBase } from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { Database } from "../../../services/shared/stores/database";
import { ObjectStore } from "../../../services/shared/stores/object-store";
import { removeObjects } from "../../../services/worker/jobs/remove-objects";
import { tidyRuns } from "../../../services/worker/jobs/tidy-runs";
import type { Job } from "../../../services/worker/queue/job";
import { Buckets } from "../support/media";
import { asSuperuser } from "../support/platform";
import { silentLog, workerDatabase } from "../support/queue";

const source = `tidied_${randomUUID().replaceAll(/[^a-f]/g, "")}`;
let database: Database;
let media: ObjectStore;
let buckets: Buckets;

beforeAll(() => {
  const { ca, objectStore } = inject("stores");
  database = new Database(workerDatabase(), "test", silentLog);
  media = new ObjectStore({ ca, objectStore: { ...objectStore, endpoint: new URL(objectStore.endpoint), bucket: "huntmaster-media" } });
  buckets = new Buckets();
});
afterAll(async () => {
  await Promise.all([database.close(), media.close()]);
  buckets.close();
});

/** As the worker does it: with the worker's own role, the effect in a transaction. */
async function run(job: Job): Promise<void> {
  const context = { payload: {}, signal: new AbortController().signal, log: silentLog };
  const { effect } = await job.run({ ...context, step: (_, work) => work() });
  await database.transaction(async (client: ClientBase) => effect?.(client));
}

it("removes objects whose rows are gone, those that are gone already as well, and no others", async () => {
  const [gone, never, kept] = ["gone", "never", "kept"].map((name) => `assets/${randomUUID()}/${name}`) as [string, string, string];
  for (const key of [gone, kept]) await buckets.client.putObject("huntmaster-media", key, "x");
  const remember = "INSERT INTO content.removed_objects (object_key) SELECT unnest($1::text[])";
  await asSuperuser((client) => client.query(remember, [[gone, never]]));
  await run(removeObjects(database, media));
  expect(await buckets.keys("huntmaster-media", gone)).toEqual([]);
  expect(await buckets.keys("huntmaster-media", kept)).toEqual([kept]);
  const { rows } = await asSuperuser((client) =>
    client.query("SELECT FROM content.removed_objects WHERE object_key = ANY ($1)", [[gone, never]]),
  );
  expect(rows).toEqual([]);
});

it("remembers what could not be removed", async () => {
  const key = `assets/${randomUUID()}/stays`;
  await asSuperuser((client) => client.query("INSERT INTO content.removed_objects (object_key) VALUES ($1)", [key]));
  const { ca, objectStore } = inject("stores");
  const nowhere = new ObjectStore({ ca, objectStore: { ...objectStore, endpoint: new URL(objectStore.endpoint), bucket: "no-such-bucket" } });
  try {
    await expect(run(removeObjects(database, nowhere))).rejects.toThrow();
  } finally {
    await nowhere.close();
  }
  const { rowCount } = await asSuperuser((client) =>
    client.query("DELETE FROM content.removed_objects WHERE object_key = $1", [key]),
  );
  expect(rowCount).toBe(1);
});

it("forgets what is long over, and nothing that is not", async () => {
  await asSuperuser(async (client) => {
    await client.query(
      `INSERT INTO events.job_runs (job_id, run_key, status, attempts, created_at, started_at, seen_at, finished_at)
       SELECT job.id, $1 || label, status, 1, now() - age, now() - age, now() - age,
              CASE WHEN status = 'succeeded' THEN now() - age END
         FROM events.jobs AS job, (VALUES ('old', 'succeeded', interval '31 days'), ('new', 'succeeded', '29 days'),
              ('waiting', 'queued', '31 days')) AS run (label, status, age) WHERE job.name = 'tidy_runs'`,
      [source],
    );
    await client.query(
      `INSERT INTO events.webhook_events (source, delivery_id, kind, payload, received_at, processed_at)
       SELECT $1, name, 'told', '{}', now() - age, CASE WHEN done THEN now() - age END
         FROM (VALUES ('old', true, interval '31 days'), ('new', true, '29 days'), ('waiting', false, '31 days'))
           AS event (name, done, age)`,
      [source],
    );
    await client.query(
      `INSERT INTO events.job_dead_letters (job_id, payload, error, created_at, resolved_at)
       SELECT job.id, jsonb_build_object('of', $1::text, 'name', label), 'x', now() - interval '1 year', now() - age
         FROM events.jobs AS job, (VALUES ('old', interval '91 days'), ('new', '89 days'), ('open', NULL)) AS letter (label, age)
        WHERE job.name = 'tidy_runs'`,
      [source],
    );
  });
  await run(tidyRuns());
  const { rows } = await asSuperuser((client) =>
    client.query<{ kept: string[] }>(
      `SELECT ARRAY(SELECT 'run ' || substr(run_key, length($1) + 1) FROM events.job_runs WHERE starts_with(run_key, $1)
                    UNION ALL SELECT 'event ' || delivery_id FROM events.webhook_events WHERE source = $1
                    UNION ALL SELECT 'letter ' || (payload->>'name') FROM events.job_dead_letters WHERE payload->>'of' = $1
                    ORDER BY 1) AS kept`,
      [source],
    ),
  );
  expect(rows[0]!.kept).toEqual(["event new", "event waiting", "letter new", "letter open", "run new", "run waiting"]);
});
