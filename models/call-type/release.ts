import { createHash } from "node:crypto";
import { calls } from "./calls";
import { probabilities, train, type Classifier, type Example } from "./classifier";
import { featureNames, features } from "./features";
import { toOnnx } from "./onnx";
import { Random } from "./random";
import { synthesise } from "./synthesis";
import type { ModelCard } from "../../lib/models";

/** Raise it with whatever changes the weights: what was released stays as it is. */
export const version = "1.0.0";

const trainingSet = { seed: 1, clipsOfEach: 100 };
const heldOutSet = { seed: 2, clipsOfEach: 40 };

export interface Release {
  classifier: Classifier;
  weights: Buffer;
  card: ModelCard;
}

/** Trains the model: the same bytes at every run, on any machine, in a few seconds. */
export function release(): Release {
  const training = examples(trainingSet);
  const classifier = train(training, calls.length);
  const weights = toOnnx("call-type", classifier);
  const heldOut = heldOutExamples();
  const example = heldOut.find(({ label, features }) => label > 0 && mostLikely(classifier, features) === label)!;
  const card: ModelCard = {
    name: "call-type",
    version,
    purpose: "Which game call a recording of one second holds, if any",
    framework: "onnx",
    sha256: createHash("sha256").update(weights).digest("hex"),
    labels: calls.map(({ label }) => label),
    features: [...featureNames],
    deciles: featureNames.map((_, i) => decilesOf(training.map(({ features }) => features[i]!))),
    example: {
      input: { features: [...example.features] },
      probabilities: probabilities(classifier, example.features),
    },
    training: {
      method: "Multinomial logistic regression by gradient descent",
      data: `${training.length} synthesised clips, as many of each label, seed ${trainingSet.seed}`,
      limits:
        "It has heard no animal, only what models/call-type/ synthesises. How it does on recordings is not known: " +
        "it shows how a model is served, and waits for recordings to be trained on.",
    },
    measured: {
      dataset: `${heldOut.length} other synthesised clips, seed ${heldOutSet.seed}`,
      accuracy: accuracy(classifier, heldOut),
      recall: calls.map((_, label) => accuracy(classifier, heldOut.filter((one) => one.label === label))),
    },
  };
  return { classifier, weights, card };
}

/** What the model was not trained on. */
export const heldOutExamples = () => examples(heldOutSet);

function examples({ seed, clipsOfEach }: { seed: number; clipsOfEach: number }): Example[] {
  const random = new Random(seed);
  return Array.from({ length: clipsOfEach }, () =>
    calls.map((call, label) => ({ features: features(synthesise(call, random)), label })),
  ).flat();
}

function mostLikely(classifier: Classifier, input: readonly number[]): number {
  const all = probabilities(classifier, input);
  return all.indexOf(Math.max(...all));
}

/** Share that it gets right, to 3 decimals. */
function accuracy(classifier: Classifier, of: readonly Example[]): number {
  const right = of.filter(({ features, label }) => mostLikely(classifier, features) === label);
  return Math.round((right.length / of.length) * 1000) / 1000;
}

/** The nine values between which a tenth of all lies each. */
function decilesOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from({ length: 9 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / 10)]!);
}
