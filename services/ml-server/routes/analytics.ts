import { Type } from "typebox";
import { unavailable } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { originOf, personOf } from "../../shared/identity/person";
import type { Transactions } from "../../shared/identity/transactions";
import { usage } from "../analytics/usage";
import type { Models } from "../models/models";

const Milliseconds = Type.Number({ minimum: 0 });

const UsageBody = Type.Object(
  {
    model: Type.String(),
    version: Type.String(),
    status: Type.Enum(["registered", "active", "retired"]),
    canary_percent: Type.Integer(),
    predictions: Type.Integer(),
    cached: Type.Integer({ description: "How many of them were known already" }),
    people: Type.Integer(),
    confidence: Type.Number({ description: "Mean" }),
    latency_ms: Type.Object({ p50: Milliseconds, p95: Milliseconds, p99: Milliseconds }),
    drift: Type.Union(
      [
        Type.Object({
          inputs: Type.Integer({ description: "How many were looked at: the latest" }),
          mean: Type.Number({ description: "Population stability index, over all features" }),
          features: Type.Array(Type.Object({ feature: Type.String(), psi: Type.Number() }), {
            description: "Those that drifted most: below 0.1 nothing has changed, above 0.25 it has",
          }),
        }),
        Type.Null(),
      ],
      { description: "How far inputs are from the training data; null for too few inputs to tell" },
    ),
  },
  { $id: "Usage" },
);

/** `GET /admin/analytics`: what each version did, how fast, and whether inputs drift. */
export function reportUsage(server: Server, models: Models, transactions: Transactions): void {
  server.addSchema(UsageBody);
  const schema = {
    tags: ["analytics"],
    summary: "Volume, latency and drift of each version",
    querystring: Type.Object(
      { hours: Type.Integer({ minimum: 1, maximum: 168, default: 24, description: "How far back" }) },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({ since: Type.String({ format: "date-time" }), versions: Type.Array(Type.Ref("Usage#")) }),
    },
  };
  server.get("/admin/analytics", { config: { access: "admin" }, schema }, async (request) => {
    const { versions } = models;
    if (!versions) throw unavailable("The registry of models");
    const since = new Date(Date.now() - request.query.hours * 3_600_000);
    const report = await transactions.asIdentity(personOf(request), originOf(request), (client) =>
      usage(client, since, versions),
    );
    return { since: since.toISOString(), versions: report };
  });
}
