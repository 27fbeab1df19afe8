import { Type, type TSchema } from "typebox";
import { Page, pageQuery } from "../../shared/http/page";
import { Problem, problems } from "../../shared/http/problem";
import { Text } from "../../shared/http/storable";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { listDeadLetters, listJobs, listRuns, replay } from "./queries";

const OrNull = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const Uuid = Type.String({ format: "uuid" });
const Time = Type.String({ format: "date-time" });
const Statuses = Type.Enum(["queued", "running", "succeeded", "failed"]);
const Content = Type.Record(Type.String(), Type.Unknown());

const Job = Type.Object({
  id: Uuid,
  name: Type.String(),
  schedule: OrNull(Type.String({ description: "Five fields of cron, in UTC; null: when it is asked for" })),
  is_enabled: Type.Boolean(),
  max_attempts: Type.Integer(),
  timeout_seconds: Type.Integer({ description: "After so many without a sign of life an attempt is stale" }),
  queued: Type.Integer(),
  running: Type.Integer(),
  dead_letters: Type.Integer({ description: "Those that nobody has dealt with" }),
  created_at: Time,
});

const Run = Type.Object({
  id: Type.String(),
  job: Type.String(),
  run_key: Type.String(),
  status: Statuses,
  attempts: Type.Integer(),
  payload: Content,
  statistics: Content,
  error: OrNull(Type.String()),
  due_at: Time,
  started_at: OrNull(Time),
  seen_at: OrNull(Time),
  finished_at: OrNull(Time),
  created_at: Time,
});

const DeadLetter = Type.Object({
  id: Uuid,
  job: Type.String(),
  run: OrNull(Type.String()),
  payload: Content,
  error: Type.String(),
  resolved_at: OrNull(Time),
  created_at: Time,
});

const closed = { additionalProperties: false } as const;
const RunsQuery = Type.Object(
  { ...pageQuery("bigint"), job: Type.Optional(Text({ maxLength: 80 })), status: Type.Optional(Statuses) },
  closed,
);
const LettersQuery = Type.Object(
  { ...pageQuery(), open: Type.Boolean({ default: true, description: "Only those that nobody has dealt with" }) },
  closed,
);

/** For administrators: what the worker does and did, and what it gave up; the newest first. */
export function jobRoutes(server: Server, transactions: Transactions): void {
  const config = { access: "admin" } as const;
  const schemaOf = <Query extends TSchema, Item extends TSchema>(summary: string, querystring: Query, item: Item) => ({
    ...{ tags: ["jobs"], summary, querystring },
    response: { 200: Page(item) },
  });

  const jobsSchema = schemaOf("The jobs that there are", Type.Object(pageQuery(), closed), Job);
  server.get("/api/jobs", { config, schema: jobsSchema }, (request) =>
    transactions.asIdentity(personOf(request), originOf(request), (client) => listJobs(client, request.query) as never),
  );

  const runsSchema = schemaOf("Runs of jobs", RunsQuery, Run);
  server.get("/api/job_runs", { config, schema: runsSchema }, (request) =>
    transactions.asIdentity(personOf(request), originOf(request), (client) => listRuns(client, request.query) as never),
  );

  const lettersSchema = schemaOf("Runs that were given up", LettersQuery, DeadLetter);
  server.get("/api/job_dead_letters", { config, schema: lettersSchema }, (request) =>
    transactions.asIdentity(
      personOf(request),
      originOf(request),
      (client) => listDeadLetters(client, request.query) as never,
    ),
  );

  const replaySchema = {
    tags: ["jobs"],
    summary: "Have what was given up done again",
    params: Type.Object({ id: Uuid }),
    response: { 202: Type.Object({ replayed: Type.Literal(true) }), ...problems(404, 409) },
  };
  server.post("/api/job_dead_letters/:id/replay", { config, schema: replaySchema }, async (request, reply) => {
    const { id } = request.params;
    const [person, origin] = [personOf(request), originOf(request)];
    const replayed = await transactions.asIdentity(person, origin, (client) => replay(client, id));
    if (replayed === undefined) throw new Problem(404, undefined, { detail: "There is no such dead letter" });
    if (!replayed) throw new Problem(409, "dealt-with", { detail: "It was dealt with before" });
    return reply.code(202).send({ replayed });
  });
}
