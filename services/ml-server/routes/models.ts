import { Type } from "typebox";
import { unavailable } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import type { Models } from "../models/models";
import type { ModelVersion } from "../models/version";

const Input = Type.Object(
  {
    features: Type.Array(Type.Number({ minimum: -1e6, maximum: 1e6 }), {
      minItems: 1,
      maxItems: 1024,
      description: "As many as the model takes, in the order of its card",
    }),
  },
  { additionalProperties: false },
);

/** What a model is asked. */
export const QuestionBody = Type.Object(
  {
    model: Type.String({ minLength: 1, maxLength: 100, examples: ["call-type"] }),
    version: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: "Default: the one that serves you" })),
    input: Input,
  },
  { additionalProperties: false },
);

export const ModelBody = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    status: Type.Enum(["registered", "active", "retired"]),
    canary_percent: Type.Integer({ description: "Share of people whom it answers in place of the active version" }),
    serving: Type.Boolean({ description: "Whether this server answers with it" }),
    purpose: Type.String(),
    labels: Type.Array(Type.String(), { description: "What it answers" }),
    sha256: Type.String({ description: "Digest of its weights" }),
    example_input: Type.Union([Input, Type.Null()], { description: "An `input` that /predict accepts" }),
  },
  { $id: "Model" },
);

/** `GET /models`: every version in the registry, as of the last look at it. */
export function listModels(server: Server, models: Models): void {
  server.addSchema(ModelBody);
  const schema = {
    tags: ["models"],
    summary: "Models that there are, with all their versions",
    response: { 200: Type.Object({ models: Type.Array(Type.Ref("Model#")) }) },
  };
  server.get("/models", { config: { access: "public" }, schema }, async () => {
    if (!models.versions) throw unavailable("The registry of models");
    return { models: models.versions.map((version) => describe(version, models)) };
  });
}

export function describe(version: ModelVersion, models: Models) {
  const { name, status, canaryPercent, sha256, card } = version;
  const served = models.find(name);
  return {
    ...{ name, version: version.version, status, sha256 },
    canary_percent: canaryPercent,
    serving: [served?.active, served?.canary?.model].some((model) => model?.version.id === version.id),
    purpose: card.purpose ?? "",
    labels: card.labels ?? [],
    example_input: card.example?.input ?? null,
  };
}
