import { Type } from "typebox";
import { problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { enqueue } from "../../shared/jobs/enqueue";
import { key } from "../../shared/keyspace";
import type { Limits } from "../../shared/limits";

/** How often a person may ask in a minute. */
const most = 10;
/** Sources are asked once in so many milliseconds, however many people open their apps. */
const slotMs = 60_000;

const job = "poll_sources";
const Asked = Type.Object({
  job: Type.Literal(job),
  since: Type.String({ format: "date-time", description: "Who asks within a minute of it asks for the same run" }),
});

/**
 * `POST /api/sync`: an app that is opened has the worker ask outside sources now, not at the next time by the clock.
 * Which of them can be asked, the worker knows.
 */
export function syncRoute(server: Server, transactions: Transactions, limits: Limits): void {
  const schema = {
    tags: ["jobs"],
    summary: "Have outside sources asked for what is new, as when an app is opened",
    response: { 202: Asked, ...problems(429) },
  };
  server.post("/api/sync", { config: { access: "user" }, schema }, async (request, reply) => {
    const person = personOf(request);
    await limits.countIfPossible(key("requests", "sync", person.id), most);
    const since = new Date(Math.floor(Date.now() / slotMs) * slotMs).toISOString();
    const run = { job, key: `sync of ${since}` } as const;
    await transactions.asIdentity(person, originOf(request), (client) => enqueue(client, run));
    return reply.code(202).send({ job, since });
  });
}
