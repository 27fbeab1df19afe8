import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { Type, type Static } from "typebox";
import { Value } from "typebox/value";
import type { Database } from "../../shared/stores/database";
import { keepEvent, kindPattern } from "../../shared/webhooks/keep";
import type { Source } from "../../shared/webhooks/sources";
import type { Context, Job } from "../queue/job";

/** What a source answers to `GET <url>?after=<cursor>`: what it has told since, from the oldest, and where to go on. */
const Page = Type.Object({
  events: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1, maxLength: 200 }),
      type: Type.String({ pattern: kindPattern, maxLength: 60 }),
      data: Type.Unknown(),
    }),
    { maxItems: 1000 },
  ),
  next: Type.String({ maxLength: 2000 }),
});

/** Pages of one source in one run: what is left comes with the next. */
const maxPages = 100;
const answerLimitMs = 10_000;

/** The one stream of a source that there is. */
const stream = "events";

/**
 * Asks sources for what their webhooks may have failed to tell. What they did tell is there already and is kept once;
 * the cursor moves in the transaction that keeps the page before it.
 */
export const pollSources = (database: Database, sources: readonly Source[]): Job => ({
  limitSeconds: 600,
  async run(context) {
    const failures: string[] = [];
    for (const source of sources) {
      if (!source.url) continue;
      const events = () => poll(database, source, source.url!, context);
      // One that does not answer keeps nobody from asking the next.
      await context.step(source.name, events, (kept) => kept).catch((error: unknown) => {
        failures.push(`${source.name}: ${(error as Error).message}`);
      });
    }
    if (failures.length > 0) throw new Error(failures.join("; "));
    return {};
  },
});

/** How many events were new. */
async function poll(database: Database, source: Source, url: URL, { signal }: Context): Promise<number> {
  let kept = 0;
  for (let page = 0; page < maxPages; page++) {
    const [cursor] = await database.query<{ position: string }>({
      text: "SELECT position FROM events.ingestion_cursors WHERE source = $1 AND stream = $2",
      values: [source.name, stream],
    });
    const { events, next } = await ask(source, url, cursor?.position, signal);
    kept += await keepPage(database, source, events, next);
    if (events.length === 0 || next === cursor?.position) break;
  }
  return kept;
}

async function ask({ secret }: Source, url: URL, after: string | undefined, signal: AbortSignal) {
  const address = new URL(url);
  if (after !== undefined) address.searchParams.set("after", after);
  const [id, now] = [randomUUID(), new Date()];
  const answer = await fetch(address, {
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign(id, now, ""),
    },
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerLimitMs)]),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const page: unknown = await answer.json();
  if (!Value.Check(Page, page)) throw new Error("answered something else than a page of events");
  return page;
}

/** Keeps a page and where to go on after it, both or neither. */
async function keepPage(database: Database, { name: source }: Source, events: Static<typeof Page>["events"], next: string) {
  return database.transaction(async (client) => {
    let kept = 0;
    for (const { id, type: kind, data } of events) {
      if (await keepEvent(client, { source, deliveryId: id, kind, payload: data ?? null })) kept++;
    }
    await client.query(
      `INSERT INTO events.ingestion_cursors (source, stream, position) VALUES ($1, $2, $3)
       ON CONFLICT (source, stream) DO UPDATE SET position = EXCLUDED.position`,
      [source, stream, next],
    );
    return kept;
  });
}
