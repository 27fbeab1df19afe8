import type { Call } from "./calls";
import type { Random } from "./random";

/** Samples a second. */
export const sampleRate = 8000;

/** Length of every clip, in samples: one second. */
export const clipLength = sampleRate;

/**
 * One second in which an animal calls once, higher or lower, quicker or slower, sooner or later than its kind usually
 * does, with wind behind it that is from a tenth as loud to three times as loud.
 *
 * @returns samples of any level
 */
export function synthesise(call: Call, random: Random): Float64Array {
  const clip = new Float64Array(clipLength);
  addWind(clip, random);
  if (call.pitch.length > 0) addCall(clip, call, random);
  return clip;
}

/** Noise whose low parts are stronger the heavier the wind is. */
function addWind(clip: Float64Array, random: Random): void {
  const level = random.between(0.1, 3);
  const weight = random.between(0.3, 0.9);
  let low = 0;
  for (let i = 0; i < clip.length; i++) {
    const white = random.between(-1, 1);
    low = 0.95 * low + 0.05 * white;
    clip[i] = level * ((1 - weight) * white + weight * 4 * low);
  }
}

function addCall(clip: Float64Array, call: Call, random: Random): void {
  const transposed = random.between(0.8, 1.25);
  const length = Math.floor(clipLength * Math.min(1, call.seconds * random.between(0.75, 1.15)));
  const start = Math.floor(random.between(0, clipLength - length));
  const pulses = call.pulses * random.between(0.8, 1.2);
  const harmonics = call.harmonics * random.between(0.85, 1.05);
  let phase = random.between(0, 2 * Math.PI);
  for (let i = 0; i < length; i++) {
    const pitch = pitchAt(call.pitch, i / length) * transposed;
    phase += (2 * Math.PI * pitch) / sampleRate;
    const sound = (1 - call.breath) * tone(phase, pitch, harmonics) + call.breath * random.between(-1, 1);
    clip[start + i]! += sound * loudness(i / length, i / sampleRate, pulses);
  }
}

function pitchAt(points: readonly number[], place: number): number {
  const exact = place * (points.length - 1);
  const before = Math.min(Math.floor(exact), points.length - 2);
  return points[before]! + (exact - before) * (points[before + 1]! - points[before]!);
}

/** All harmonics that fit below half the sample rate, 12 at most. */
function tone(phase: number, pitch: number, harmonics: number): number {
  let sum = 0;
  let strength = 1;
  for (let n = 1; n <= 12 && n * pitch < sampleRate / 2 && strength > 0.01; n++, strength *= harmonics) {
    sum += strength * Math.sin(n * phase);
  }
  return sum * (1 - harmonics / 2);
}

/** Swells and fades over the call, and in each of its pulses. */
function loudness(place: number, seconds: number, pulses: number): number {
  const swell = Math.min(1, 8 * place, 8 * (1 - place));
  return pulses === 0 ? swell : swell * Math.max(0, Math.sin(2 * Math.PI * pulses * seconds));
}
