import { randomUUID } from "node:crypto";
import { Counter, type Registry } from "prom-client";
import { Problem, unavailable } from "../../shared/http/problem";
import type { LoadedModel } from "../models/loaded-model";
import type { Models } from "../models/models";
import { versionFor } from "../models/routing";
import type { Answers } from "./answers";
import type { Latencies } from "./latencies";
import type { Recorder } from "./recorder";

export interface Question {
  model: string;
  /** Default: the one that the person's requests are answered by. */
  version?: string;
  input: { features: number[] };
}

/** Length of column embedding. */
const embeddingLength = 128;

/** Answers questions, so many at once at most. */
export class Predictor {
  private running = 0;
  private readonly answered: Counter;

  constructor(
    private readonly models: Models,
    private readonly answers: Answers,
    private readonly recorder: Recorder,
    private readonly latencies: Latencies,
    /** Questions at once; more are refused. */
    private readonly limit: number,
    metrics: Registry,
  ) {
    this.answered = new Counter({
      name: "predictions_total",
      help: "Questions that models answered",
      labelNames: ["model", "version", "cached"],
      registers: [metrics],
    });
  }

  async predict(question: Question, person: string) {
    if (this.running >= this.limit) {
      throw new Problem(503, "busy", { detail: `${this.limit} predictions are under way`, retryAfter: 1 });
    }
    this.running++;
    try {
      return await this.answer(question, person);
    } finally {
      this.running--;
    }
  }

  private async answer(question: Question, person: string) {
    const start = performance.now();
    const model = this.modelFor(question, person);
    const features = featuresFor(model, question.input.features);
    const { probabilities, cached } = await this.answers.ask(model, features);
    const { id: modelId, name, version, card } = model.version;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const answer = {
      id: randomUUID(),
      model: name,
      version,
      label: card.labels[best]!,
      confidence: probabilities[best]!,
      probabilities: Object.fromEntries(card.labels.map((label, i) => [label, probabilities[i]!])),
      cached,
    };
    const took = performance.now() - start;
    this.answered.inc({ model: name, version, cached: String(cached) });
    this.latencies.observe(modelId, took);
    this.recorder.add({
      id: answer.id,
      user_id: person,
      model_id: modelId,
      input: question.input,
      output: { label: answer.label, probabilities: answer.probabilities },
      confidence: Math.min(1, answer.confidence),
      embedding: features.length === embeddingLength ? question.input.features : null,
      duration_ms: took,
      cached,
      created_at: new Date().toISOString(),
    });
    return answer;
  }

  private modelFor({ model: name, version }: Question, person: string): LoadedModel {
    const served = this.models.find(name);
    if (!served) {
      if (!this.models.versions) throw unavailable("The registry of models");
      if (this.models.versions.some((one) => one.name === name && one.status === "active")) throw unavailable(`Model ${name}`);
      throw new Problem(404, "unknown-model", { detail: `There is no model "${name}" to ask` });
    }
    if (version === undefined) return versionFor(name, served, person);
    const found = [served.active, served.canary?.model].find((one) => one?.version.version === version);
    if (!found) throw new Problem(404, "unknown-version", { detail: `Version "${version}" of ${name} is not served` });
    return found;
  }
}

/** The input as the model takes it. */
function featuresFor({ version }: LoadedModel, given: readonly number[]): Float32Array {
  const expected = version.card.features.length;
  if (given.length === expected) return Float32Array.from(given);
  throw new Problem(422, "invalid-input", {
    detail: `${version.name} ${version.version} takes ${expected} features`,
    errors: [{ pointer: "/body/input/features", detail: `has ${given.length} items, and must have ${expected}` }],
  });
}
