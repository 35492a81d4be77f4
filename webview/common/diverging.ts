import { type Rgb, fitToGamut, toOklab } from './ramp';

/** Steps on each side of nothing. */
const steps = 128;

/** A scale of both signs: the background for nothing, orange for more, blue for less. */
export interface Diverging {
  /** From the background outwards. */
  readonly positive: readonly Rgb[];
  readonly negative: readonly Rgb[];
}

/**
 * Lightness moves away from the background in equal OKLab steps and alike on both sides, so that only the hue tells
 * the sign; blue and orange stay apart for the colour-blind.
 */
export function createDiverging(background: Rgb, highContrast: boolean): Diverging {
  const start = toOklab(background);
  const dark = start[0] < 0.5;
  const end = dark ? (highContrast ? 0.88 : 0.78) : highContrast ? 0.36 : 0.5;
  const side = (degrees: number): Rgb[] =>
    Array.from({ length: steps }, (_, step) => {
      const t = step / (steps - 1);
      const hue = (degrees * Math.PI) / 180;
      const chroma = 0.16 * Math.min(1, t * 1.6);
      const keep = Math.max(0, 1 - t * 4);
      return fitToGamut([
        start[0] + (end - start[0]) * t,
        start[1] * keep + chroma * Math.cos(hue),
        start[2] * keep + chroma * Math.sin(hue),
      ]);
    });
  return { positive: side(60), negative: side(255) };
}

/** The colour of a value between −most and most. */
export function divergingColor(scale: Diverging, value: number, most: number): Rgb {
  const share = most > 0 && Number.isFinite(value) ? Math.min(1, Math.abs(value) / most) : 0;
  const side = value < 0 ? scale.negative : scale.positive;
  return side[Math.round(share * (side.length - 1))] as Rgb;
}
