import { createHash } from "node:crypto";
import { key } from "../../shared/keyspace";
import type { Cache } from "../../shared/stores/cache";
import type { LoadedModel } from "../models/loaded-model";

/** Longest wait for the cache, in milliseconds: asking the model anew is quicker. */
const patienceMs = 50;

export interface Answer {
  /** How sure the model is of each of its labels. */
  probabilities: number[];
  /** Whether the model was asked before. */
  cached: boolean;
}

/** Answers of models, each kept for a while by weights and input: nobody computes twice what cannot differ. */
export class Answers {
  constructor(private readonly cache: Cache) {}

  async ask(model: LoadedModel, features: Float32Array): Promise<Answer> {
    const { name, ttlSeconds } = key("prediction", model.version.sha256, digestOf(features));
    const known = await this.cache.attempt((client) => client.get(name), patienceMs);
    if (known) return { probabilities: JSON.parse(known) as number[], cached: true };
    const probabilities = await model.probabilities(features);
    void this.cache.attempt((client) => client.set(name, JSON.stringify(probabilities), "EX", ttlSeconds));
    return { probabilities, cached: false };
  }
}

const digestOf = (features: Float32Array) =>
  createHash("sha256").update(new Uint8Array(features.buffer, features.byteOffset, features.byteLength)).digest("base64url");
