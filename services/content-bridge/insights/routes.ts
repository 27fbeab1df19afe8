import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Json, Moment, Text } from "../../shared/http/storable";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import type { DailyAdvice } from "./daily-advice";
import { readInputs } from "./inputs";
import { advise, rulesVersion, type Inputs } from "./rules";
import { Warnings, warningsOf } from "./warnings";

const Recommendations = Type.Array(
  Type.Object({
    kind: Type.Enum(["lesson", "conditions", "practice"]),
    topic: Type.String(),
    title: Type.String(),
    reason: Type.String(),
    score: Type.Number({ minimum: 0, maximum: 1 }),
  }),
);
const advice = { rules_version: Type.String(), recommendations: Recommendations, warnings: Warnings };

const Context = Type.Object(
  {
    kind: Type.String({ pattern: "^[a-z]+(_[a-z]+)*$", maxLength: 50, description: "Such as weather" }),
    context: Type.Record(Text({ maxLength: 100 }), Type.Ref("Json#"), { maxProperties: 50 }),
    occurred_at: Type.Optional(Moment({ description: "Default: now" })),
  },
  { additionalProperties: false },
);

/** `/insights`: advice by rules alone, the same for the same inputs. */
export function insightRoutes(server: Server, transactions: Transactions, dailyAdvice: DailyAdvice): void {
  const config = { access: "user" } as const;
  const tags = ["insights"];
  server.addSchema(Json);

  const daily = {
    tags,
    summary: "What to do today",
    response: { 200: Type.Object({ day: Type.String({ format: "date" }), ...advice }) },
  };
  server.get("/insights/daily", { config, schema: daily }, async (request, reply) => {
    const person = personOf(request);
    const json = await dailyAdvice.of(person.id, async () => {
      const read = transactions.asIdentity(person, originOf(request), (client) => readInputs(client, person.id));
      const { inputs } = await read;
      return { day: inputs.day, ...adviceFor(request, inputs) };
    });
    // As text it is what it is; an object would be made into the same text once more.
    return reply.header("content-type", "application/json; charset=utf-8").serializer(String).send(json as never);
  });

  const tell = {
    tags,
    summary: "Tells something of a moment, for better advice",
    body: Context,
    response: { 201: Type.Object({ id: Type.String() }) },
  };
  server.post("/insights/context", { config, schema: tell }, async (request, reply) => {
    const person = personOf(request);
    const { kind, context, occurred_at } = request.body;
    const id = await transactions.asIdentity(person, originOf(request), async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO events.context_events (user_id, kind, context, occurred_at)
         VALUES ($1, $2, $3, coalesce($4, now())) RETURNING id`,
        [person.id, kind, context, occurred_at],
      );
      return rows[0]!.id;
    });
    await dailyAdvice.forget(person.id);
    return reply.code(201).send({ id });
  });

  const evaluate = {
    tags,
    summary: "The same advice, kept with what it was made from",
    response: { 201: Type.Object({ id: Type.String({ format: "uuid" }), ...advice }) },
  };
  server.post("/insights/evaluate", { config, schema: evaluate }, async (request, reply) => {
    const person = personOf(request);
    const kept = await transactions.asIdentity(person, originOf(request), async (client) => {
      const { inputs, objectiveProfileId } = await readInputs(client, person.id);
      const made = adviceFor(request, inputs);
      const { rows } = await client.query<{ id: string }>(
        `INSERT INTO events.insight_sessions (user_id, objective_profile_id, rules_version, inputs, recommendations)
         VALUES ($1, $2, $3, $4, $5) RETURNING id`,
        [person.id, objectiveProfileId, rulesVersion, inputs, JSON.stringify(made.recommendations)],
      );
      return { id: rows[0]!.id, ...made };
    });
    return reply.code(201).send(kept);
  });
}

/** Advice with what it was made without, which is logged as well: who looks after the platform sees what is missing. */
function adviceFor({ log }: FastifyRequest, inputs: Inputs) {
  const warnings = warningsOf(inputs);
  if (warnings.length > 0) log.info({ warnings: warnings.map(({ code }) => code) }, "advice was made without some inputs");
  return { rules_version: rulesVersion, recommendations: advise(inputs), warnings };
}
