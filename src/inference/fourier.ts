/**
 * The discrete Fourier transform of one length, by Cooley and Tukey (1965) for any product of small factors: Whisper's
 * windows have 400 = 2⁴ · 5² samples.
 */
export class Fourier {
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private readonly factors: readonly number[];
  private readonly scratchRe: Float64Array;
  private readonly scratchIm: Float64Array;

  constructor(readonly length: number) {
    this.cos = Float64Array.from({ length }, (_, k) => Math.cos((2 * Math.PI * k) / length));
    this.sin = Float64Array.from({ length }, (_, k) => -Math.sin((2 * Math.PI * k) / length));
    this.factors = factorsOf(length);
    this.scratchRe = new Float64Array(length);
    this.scratchIm = new Float64Array(length);
  }

  /** `|X_k|²` of real samples for k = 0 … length/2, into `power`. */
  powerSpectrum(samples: Float64Array, power: Float64Array): void {
    const re = new Float64Array(this.length);
    const im = new Float64Array(this.length);
    this.transform(samples, 0, 1, re, im, 0, this.length, 0);
    for (let k = 0; k < power.length; k++) {
      power[k] = re[k]! ** 2 + im[k]! ** 2;
    }
  }

  /** Every `stride`-th sample from `from` on, `size` of them, transformed into `re`/`im` at `at`. */
  private transform(
    samples: Float64Array,
    from: number,
    stride: number,
    re: Float64Array,
    im: Float64Array,
    at: number,
    size: number,
    level: number,
  ): void {
    if (size === 1) {
      re[at] = samples[from]!;
      im[at] = 0;
      return;
    }
    const factor = this.factors[level]!;
    const part = size / factor;
    for (let each = 0; each < factor; each++) {
      this.transform(
        ...([samples, from + each * stride, stride * factor, re, im] as const),
        ...([at + each * part, part, level + 1] as const),
      );
    }
    const { scratchRe, scratchIm, cos, sin, length } = this;
    const step = length / size;
    for (let k = 0; k < size; k++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let each = 0; each < factor; each++) {
        const source = at + each * part + (k % part);
        const turn = (each * k * step) % length;
        sumRe += re[source]! * cos[turn]! - im[source]! * sin[turn]!;
        sumIm += re[source]! * sin[turn]! + im[source]! * cos[turn]!;
      }
      scratchRe[k] = sumRe;
      scratchIm[k] = sumIm;
    }
    re.set(scratchRe.subarray(0, size), at);
    im.set(scratchIm.subarray(0, size), at);
  }
}

function factorsOf(length: number): number[] {
  const factors: number[] = [];
  let rest = length;
  for (let factor = 2; rest > 1; factor++) {
    while (rest % factor === 0) {
      factors.push(factor);
      rest /= factor;
    }
  }
  return factors;
}
