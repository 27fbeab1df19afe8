/** How far inputs are from the training data: population stability index of each feature. */
export interface Drift {
  /** Inputs that were looked at: the latest. */
  inputs: number;
  mean: number;
  /** Features that drifted most, first. */
  features: { feature: string; psi: number }[];
}

/** With fewer inputs chance alone looks like drift. */
export const leastInputs = 200;

/** Stands for a share of nothing, whose logarithm there is not. */
const least = 1e-4;

/**
 * @param deciles of each feature, the nine values between which a tenth of its training data lies each
 * @returns null for fewer than `leastInputs` inputs
 */
export function drift(
  names: readonly string[],
  deciles: readonly (readonly number[])[],
  inputs: readonly (readonly number[])[],
  most = 5,
): Drift | null {
  if (inputs.length < leastInputs) return null;
  const all = names.map((feature, i) => ({ feature, psi: stability(deciles[i]!, inputs.map((input) => input[i]!)) }));
  const features = [...all].sort((a, b) => b.psi - a.psi).slice(0, most);
  return { inputs: inputs.length, mean: all.reduce((sum, { psi }) => sum + psi, 0) / all.length, features };
}

/** Sum over the tenths of (found - expected) * ln(found / expected). */
function stability(deciles: readonly number[], values: readonly number[]): number {
  const counts = new Array<number>(deciles.length + 1).fill(0);
  for (const value of values) counts[deciles.filter((decile) => value >= decile).length]! += 1;
  const expected = 1 / counts.length;
  return counts.reduce((sum, count) => {
    const found = Math.max(count / values.length, least);
    return sum + (found - expected) * Math.log(found / expected);
  }, 0);
}
