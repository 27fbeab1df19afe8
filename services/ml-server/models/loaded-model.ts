import { createHash } from "node:crypto";
import { env, InferenceSession, Tensor } from "onnxruntime-node";
import type { ModelVersion } from "./version";

/** Why a version cannot be served: a matter of its weights or its card, and so the same at every try. */
export class NotServable extends Error {}

/** Bytes of weights at most: a model is asked on the event loop, and has to be small. */
export const maxWeights = 4 * 2 ** 20;

/** Longest time that an example may take, in milliseconds: while a model answers, nobody else is served. */
const exampleLimitMs = 50;
/** How far an answer may lie from training's own: float32 against float64. */
const tolerance = 1e-4;

/** It runs where it is called, without threads of its own. */
const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1 } as const;
// Its warnings, about graphics processors that are not there, say, are no JSON.
env.logLevel = "error";

/** A version that has shown that it answers as it should. */
export class LoadedModel {
  private constructor(
    readonly version: ModelVersion,
    private readonly session: InferenceSession,
  ) {}

  /**
   * Compares the weights with the registry's digest, and the answer to the card's example with training's own.
   *
   * @throws NotServable
   */
  static async load(version: ModelVersion, weights: Buffer): Promise<LoadedModel> {
    const digest = createHash("sha256").update(weights).digest("hex");
    if (digest !== version.sha256) throw new NotServable(`the weights' sha256 is ${digest}, and not the registry's`);
    const { features, labels, example } = version.card;
    if (!features?.length || !labels?.length || !example) throw new NotServable("its card has no features, labels or example");
    try {
      const model = new LoadedModel(version, await InferenceSession.create(weights, sessionOptions));
      await model.answerExample();
      return model;
    } catch (error) {
      if (error instanceof NotServable) throw error;
      throw new NotServable(`ONNX Runtime says: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * How sure the model is of each of its labels, 0 to 1.
   *
   * @param features as many as the card names
   */
  async probabilities(features: Float32Array): Promise<number[]> {
    const { probabilities } = await this.session.run({ features: new Tensor("float32", features, [1, features.length]) });
    return Array.from(probabilities!.data as Float32Array);
  }

  private async answerExample(): Promise<void> {
    const { example, labels } = this.version.card;
    const features = Float32Array.from(example.input.features);
    // The first time it also makes room.
    await this.probabilities(features);
    const start = performance.now();
    const answer = await this.probabilities(features);
    const took = performance.now() - start;
    if (took > exampleLimitMs) throw new NotServable(`its example took ${took.toFixed(0)} ms, more than ${exampleLimitMs} ms`);
    const off = Math.max(...example.probabilities.map((expected, i) => Math.abs(expected - (answer[i] ?? NaN))));
    if (answer.length !== labels.length || !(off <= tolerance)) {
      throw new NotServable("it answers its card's example otherwise than training did");
    }
  }
}
