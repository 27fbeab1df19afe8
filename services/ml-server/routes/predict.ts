import { Type } from "typebox";
import { problems } from "../../shared/http/problem";
import type { Server } from "../../shared/http/types";
import { personOf } from "../../shared/identity/person";
import { key } from "../../shared/keyspace";
import type { Limits } from "../../shared/limits";
import type { Predictor } from "../predictions/predictor";
import { QuestionBody } from "./models";

const Probability = Type.Number({ minimum: 0, maximum: 1 });

const PredictionBody = Type.Object(
  {
    id: Type.String({ format: "uuid" }),
    model: Type.String(),
    version: Type.String(),
    label: Type.String({ description: "What the input most likely is" }),
    confidence: Probability,
    probabilities: Type.Record(Type.String(), Probability, { description: "How sure the model is of each of its labels" }),
    cached: Type.Boolean({ description: "Whether the same was asked before" }),
  },
  { $id: "Prediction" },
);

/** Predictions of one person in a minute. */
const most = 600;
/** Bytes: a thousand numbers, and room. */
const bodyLimit = 64 * 1024;

/** `POST /predict`: asks a model. */
export function answerQuestions(server: Server, predictor: Predictor, limits: Limits): void {
  server.addSchema(PredictionBody);
  const schema = {
    tags: ["models"],
    summary: "Ask a model",
    body: QuestionBody,
    response: { 200: Type.Ref("Prediction#"), ...problems(404, 422, 429) },
  };
  server.post("/predict", { config: { access: "user" }, schema, bodyLimit }, async (request) => {
    const { id } = personOf(request);
    await limits.countIfPossible(key("requests", "predict", id), most);
    return predictor.predict(request.body, id);
  });
}
