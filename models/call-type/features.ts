import FFT from "fft.js";
import { sampleRate } from "./synthesis";

const frameLength = 512;
const step = 256;

/** Bands of the mel scale, as the ear divides pitch, from 60 Hz to half the sample rate. */
export const bands = 32;

/** What is told of each band over the frames of a clip, in this order, one after the other for all bands. */
export const statistics = ["mean", "deviation", "peak", "change"] as const;

/** `mean 0`, ..., `change 31`: names of the features in their order. */
export const featureNames: readonly string[] = statistics.flatMap((statistic) =>
  Array.from({ length: bands }, (_, band) => `${statistic} ${band}`),
);

const fft = new FFT(frameLength);
const hann = (place: number) => 0.5 - 0.5 * Math.cos(2 * Math.PI * place);
const window = Float64Array.from({ length: frameLength }, (_, i) => hann(i / frameLength));
const edges = melEdges(60, sampleRate / 2);

/**
 * What the model is given of a clip: for each of 32 bands the mean, deviation, peak and change of its strength over
 * time, in bels relative to the clip's own mean strength, so that how loud a recording is does not matter.
 *
 * @param clip samples at `sampleRate`
 * @returns 128 numbers, rounded to 3 decimals
 */
export function features(clip: Float64Array): number[] {
  const power = clip.reduce((sum, sample) => sum + sample * sample, 0) / clip.length;
  const frames: number[][] = [];
  for (let at = 0; at + frameLength <= clip.length; at += step) {
    const energies = bandsOf(clip.subarray(at, at + frameLength));
    frames.push(energies.map((energy) => Math.log10(1e-4 + energy / (power + 1e-12))));
  }
  const ofBand = edges.slice(1, -1).map((_, band) => frames.map((frame) => frame[band]!));
  const all = [ofBand.map(mean), ofBand.map(deviation), ofBand.map((band) => Math.max(...band)), ofBand.map(change)];
  return all.flat().map((value) => Math.round(value * 1000) / 1000);
}

/** Strength of each band in one frame: a triangle's worth of the spectrum between its neighbours' middles. */
function bandsOf(frame: Float64Array): number[] {
  const spectrum = fft.createComplexArray();
  fft.realTransform(spectrum, frame.map((sample, i) => sample * window[i]!));
  return edges.slice(1, -1).map((middle, band) => {
    const [low, high] = [edges[band]!, edges[band + 2]!];
    let sum = 0;
    for (let bin = Math.ceil(low); bin <= high && bin <= frameLength / 2; bin++) {
      const share = bin < middle ? (bin - low) / (middle - low) : (high - bin) / (high - middle);
      sum += share * (spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2);
    }
    return sum / frameLength;
  });
}

/** The bands' middles, and one edge more on each side, as places in the spectrum. */
function melEdges(least: number, most: number): number[] {
  const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
  const hertz = (value: number) => 700 * (10 ** (value / 2595) - 1);
  const spacing = (mel(most) - mel(least)) / (bands + 1);
  return Array.from({ length: bands + 2 }, (_, i) => (hertz(mel(least) + i * spacing) * frameLength) / sampleRate);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

const change = (values: readonly number[]) => mean(values.slice(1).map((value, i) => Math.abs(value - values[i]!)));
