import type { ClientBase } from "pg";
import { enqueue } from "../jobs/enqueue";

/** What an outside source told, by webhook or when asked. */
export interface OutsideEvent {
  source: string;
  /** The source's own id: what is told twice is kept once. */
  deliveryId: string;
  kind: string;
  payload: unknown;
}

/** What a kind may be called, so that it can become the name of an event of the platform. */
export const kindPattern = "^[a-z]+([._][a-z]+)*$";

/** Keeps an event and has it processed, in the transaction of `client`. Whether it is new. */
export async function keepEvent(client: Pick<ClientBase, "query">, event: OutsideEvent): Promise<boolean> {
  const { rows } = await client.query<{ id: string }>({
    name: "keep event",
    text: `INSERT INTO events.webhook_events (source, delivery_id, kind, payload) VALUES ($1, $2, $3, $4)
           ON CONFLICT (source, delivery_id) DO NOTHING RETURNING id`,
    values: [event.source, event.deliveryId, event.kind, JSON.stringify(event.payload)],
  });
  const [kept] = rows;
  if (kept) await enqueue(client, { job: "process_webhook", key: kept.id, payload: { event: kept.id } });
  return kept !== undefined;
}
