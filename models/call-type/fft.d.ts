declare module "fft.js" {
  /** Fast Fourier transform of a size that is a power of 2. Complex arrays alternate real and imaginary parts. */
  export default class FFT {
    constructor(size: number);
    createComplexArray(): number[];
    /** Writes the first half of the spectrum of real values. */
    realTransform(out: number[], input: ArrayLike<number>): void;
  }
}
