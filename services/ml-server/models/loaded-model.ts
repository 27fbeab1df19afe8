import { createHash } from "node:crypto";
import { asPart } from "../../shared/telemetry/spans";
import type { Inference, Said } from "./inference";
import type { ModelVersion } from "./version";

/** Why a version cannot be served: a matter of its weights or its card, and so the same at every try. */
export class NotServable extends Error {}

/** Bytes of weights at most: they are in memory twice while they are loaded. */
export const maxWeights = 4 * 2 ** 20;

/** Longest time that an example may take, in milliseconds: models answer one question after the other. */
const exampleLimitMs = 50;
/** How far an answer may lie from training's own: float32 against float64. */
const tolerance = 1e-4;

/** A version that has shown that it answers as it should. */
export class LoadedModel {
  private constructor(
    readonly version: ModelVersion,
    private readonly inference: Inference,
    private readonly session: number,
  ) {}

  /**
   * Compares the weights with the registry's digest, and the answer to the card's example with training's own.
   *
   * @throws NotServable
   */
  static async load(version: ModelVersion, weights: Buffer, inference: Inference): Promise<LoadedModel> {
    const digest = createHash("sha256").update(weights).digest("hex");
    if (digest !== version.sha256) throw new NotServable(`the weights' sha256 is ${digest}, and not the registry's`);
    const { features, labels, example } = version.card;
    if (!features?.length || !labels?.length || !example) throw new NotServable("its card has no features, labels or example");
    let model: LoadedModel | undefined;
    try {
      model = new LoadedModel(version, inference, await inference.load(weights));
      await model.answerExample();
      return model;
    } catch (error) {
      await model?.forget();
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
    const { name, version } = this.version;
    const attributes = { "hma.model": name, "hma.model_version": version };
    return asPart("inference", { attributes }, async () => (await this.ask(features)).probabilities);
  }

  /** Makes room for others. */
  forget(): Promise<void> {
    return this.inference.forget(this.session);
  }

  private ask(features: Float32Array): Promise<Said> {
    return this.inference.ask(this.session, features);
  }

  private async answerExample(): Promise<void> {
    const { example, labels } = this.version.card;
    const features = Float32Array.from(example.input.features);
    // The first time it also makes room.
    await this.ask(features);
    const { probabilities: answer, ms } = await this.ask(features);
    if (ms > exampleLimitMs) throw new NotServable(`its example took ${ms.toFixed(0)} ms, more than ${exampleLimitMs} ms`);
    const off = Math.max(...example.probabilities.map((expected, i) => Math.abs(expected - (answer[i] ?? NaN))));
    if (answer.length !== labels.length || !(off <= tolerance)) {
      throw new NotServable("it answers its card's example otherwise than training did");
    }
  }
}
