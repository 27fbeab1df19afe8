/** Numbers that look random and are the same for the same seed on every machine (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** Evenly spread, from `least` to `most`. */
  between(least: number, most: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return least + (most - least) * (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32);
  }
}
