import type { FastifyRequest } from "fastify";
import { Counter, type Registry } from "prom-client";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { Type, type Static } from "typebox";
import { Value } from "typebox/value";
import { Problem, problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { originOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { keepEvent, kindPattern } from "../../shared/webhooks/keep";
import type { Source } from "../../shared/webhooks/sources";

const Delivery = Type.Object({
  type: Type.String({ pattern: kindPattern, maxLength: 60, description: "What it is about: sighting.reported" }),
  data: Type.Unknown(),
});

const Kept = Type.Object({ kept: Type.Boolean({ description: "false if it was told before" }) });

/**
 * What outside sources tell, signed as https://www.standardwebhooks.com says: kept before it is answered, and processed by
 * the worker. A delivery that comes again is answered as the first one was, and changes nothing.
 */
export async function webhookRoutes(
  server: Server,
  sources: readonly Source[],
  transactions: Transactions,
  metrics: Registry,
): Promise<void> {
  const receivers = new Map(sources.map(({ name, secret }) => [name, new Webhook(secret)]));
  const deliveries = new Counter({
    name: "webhook_deliveries_total",
    help: "What outside sources told: kept, known before, or refused",
    labelNames: ["source", "outcome"],
    registers: [metrics],
  });

  await server.register(async (scope) => {
    // What is signed is the bytes, not what they mean.
    scope.removeContentTypeParser("application/json");
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post(
      "/webhooks/:source",
      {
        config: { access: "public" },
        validatorCompiler: () => () => true,
        schema: {
          tags: ["webhooks"],
          summary: "For outside sources: tell of an event",
          params: Type.Object({ source: Type.String() }),
          body: Delivery,
          response: { 202: Kept, ...problems(401, 404) },
        },
      },
      async (request, reply) => {
        const { source } = request.params as { source: string };
        const receiver = receivers.get(source);
        if (!receiver) throw new Problem(404, undefined, { detail: "There is no such source" });
        try {
          const deliveryId = verify(receiver, request);
          const { type: kind, data: payload } = parse(request.body as Buffer);
          const event = { source, deliveryId, kind, payload };
          const kept = await transactions.asNobody(originOf(request), (client) => keepEvent(client, event));
          deliveries.inc({ source, outcome: kept ? "kept" : "known" });
          return await reply.code(202).send({ kept });
        } catch (error) {
          if (error instanceof Problem && error.status < 500) deliveries.inc({ source, outcome: "refused" });
          throw error;
        }
      },
    );
  });
}

/** The delivery's id, which is signed with the rest; old and early timestamps are refused as well. */
function verify(receiver: Webhook, { body, headers }: FastifyRequest): string {
  const texts = Object.fromEntries(Object.entries(headers).filter(([, value]) => typeof value === "string"));
  try {
    receiver.verify(body as Buffer, texts as Record<string, string>, { jsonParse: false });
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    throw new Problem(401, "bad-signature", { detail: "The signature is missing, wrong, or not of now", cause: error });
  }
  const id = texts["webhook-id"] as string;
  if (id.length <= 200) return id;
  throw new Problem(422, "invalid-request", { detail: "webhook-id has more than 200 characters" });
}

function parse(body: Buffer): Static<typeof Delivery> {
  let delivery: unknown;
  try {
    delivery = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new Problem(400, undefined, { detail: "The body is not JSON", cause: error });
  }
  if (Value.Check(Delivery, delivery)) return { ...delivery, data: delivery.data ?? null };
  throw new Problem(422, "invalid-request", { detail: `The body must be {"type", "data"}, type like ${kindPattern}` });
}
