import { createHash, randomInt } from "node:crypto";

/** Decides all that a test leaves to chance. HMA_SEED repeats a run that has failed. */
export const seed = Number(process.env["HMA_SEED"] ?? randomInt(2 ** 31));

/** Numbers from 0 up to 1, without end, that the seed and a name decide. */
export function* fractions(name: string): Generator<number, never> {
  for (let count = 0; ; count += 1) {
    yield createHash("sha256").update(`${seed} ${name} ${count}`).digest().readUInt32BE() / 2 ** 32;
  }
}
