/** One recording as the model sees it, and what it is. */
export interface Example {
  features: readonly number[];
  /** Index of its label. */
  label: number;
}

/** Multinomial logistic regression: one weight for each feature and label, one bias for each label. */
export interface Classifier {
  /** By label, then by feature. */
  weights: readonly ArrayLike<number>[];
  biases: ArrayLike<number>;
}

const rounds = 200;
const rate = 0.4;
/** Pulls weights towards 0, so that no single band decides. */
const decay = 1e-3;
/** Weights are multiples of this: a last bit in which two machines' sines differ does not show. */
const grid = 2 ** -12;

/** How sure the classifier is of each label, in their order; they sum to 1. */
export function probabilities({ weights, biases }: Classifier, features: ArrayLike<number>): number[] {
  const scores = weights.map((row, label) => biases[label]! + dot(row, features));
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/**
 * Finds the classifier by gradient descent over all examples at once. The problem is convex: there is one best answer,
 * whatever it begins with, and it begins with zeros.
 */
export function train(examples: readonly Example[], labels: number): Classifier {
  const scale = Scale.of(examples);
  const scaled = examples.map(({ features, label }) => ({ features: scale.apply(features), label }));
  const weights = Array.from({ length: labels }, () => new Float64Array(scale.size));
  const biases = new Float64Array(labels);
  for (let round = 0; round < rounds; round++) {
    const slopes = weights.map((row) => row.map((weight) => decay * weight));
    const biasSlopes = new Float64Array(labels);
    for (const { features, label } of scaled) {
      probabilities({ weights, biases }, features).forEach((sure, l) => {
        const error = (sure - (l === label ? 1 : 0)) / scaled.length;
        biasSlopes[l]! += error;
        add(slopes[l]!, error, features);
      });
    }
    weights.forEach((row, l) => add(row, -rate, slopes[l]!));
    add(biases, -rate, biasSlopes);
  }
  return scale.unscaled(weights, biases);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** target += factor * values */
function add(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * values[i]!;
}

const onGrid = (value: number) => Math.round(value / grid) * grid;

/** Brings every feature to mean 0 and deviation 1, so that one rate suits all. */
class Scale {
  private constructor(
    private readonly means: readonly number[],
    private readonly deviations: readonly number[],
  ) {}

  static of(examples: readonly Example[]): Scale {
    const columns = examples[0]!.features.map((_, i) => examples.map(({ features }) => features[i]!));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const means = columns.map(mean);
    const deviations = columns.map((column, i) => Math.sqrt(mean(column.map((value) => (value - means[i]!) ** 2))));
    return new Scale(means, deviations);
  }

  get size(): number {
    return this.means.length;
  }

  apply(features: readonly number[]): Float64Array {
    return Float64Array.from(features, (value, i) => (value - this.means[i]!) / this.deviations[i]!);
  }

  /** The same classifier for features as they come: scaling is linear, and becomes part of the weights. */
  unscaled(weights: readonly Float64Array[], biases: Float64Array): Classifier {
    const plain = weights.map((row) => row.map((weight, i) => onGrid(weight / this.deviations[i]!)));
    return { weights: plain, biases: plain.map((row, l) => onGrid(biases[l]! - dot(row, this.means))) };
  }
}
