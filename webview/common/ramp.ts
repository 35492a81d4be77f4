export type Rgb = readonly [red: number, green: number, blue: number];

/** 256 steps of one colour scale, ready for `ImageData` (little-endian ABGR) and for styles. */
export interface Ramp {
  readonly pixels: Uint32Array;
  readonly colors: readonly Rgb[];
}

export type Lab = readonly [number, number, number];

/**
 * A scale from the background of the theme to its far end. Lightness moves in equal OKLab steps, so
 * that equal differences of weight look equal; the hue turns (blue, green, yellow) to help the eye
 * name a value. Zero is the background itself: what is not there does not show.
 */
export function createRamp(background: Rgb, highContrast: boolean): Ramp {
  const start = toOklab(background);
  const dark = start[0] < 0.5;
  const endLightness = dark ? (highContrast ? 0.98 : 0.93) : highContrast ? 0.2 : 0.28;
  const hues = dark ? [275, 100] : [100, 275];
  const pixels = new Uint32Array(256);
  const colors: Rgb[] = [];
  for (let i = 0; i < 256; i++) {
    const t = i / 255;
    const lightness = start[0] + (endLightness - start[0]) * t;
    const hue = ((hues[0]! + (hues[1]! - hues[0]!) * t) * Math.PI) / 180;
    // Coloured in the middle, near the plain background at zero.
    const chroma = 0.15 * Math.min(1, t * 3) * (1 - 0.35 * t);
    const keep = Math.max(0, 1 - t * 4);
    const color = fitToGamut([
      lightness,
      start[1] * keep + chroma * Math.cos(hue),
      start[2] * keep + chroma * Math.sin(hue),
    ]);
    colors.push(color);
    pixels[i] = (255 << 24) | (color[2] << 16) | (color[1] << 8) | color[0];
  }
  return { pixels, colors };
}

/** The step of a ramp that stands for `value` of `max`. */
export function rampIndex(value: number, max: number): number {
  return max > 0 ? Math.max(0, Math.min(255, Math.round((value / max) * 255))) : 0;
}

export function cssColor(color: Rgb, alpha = 1): string {
  return `rgb(${color[0]} ${color[1]} ${color[2]} / ${alpha})`;
}

/** Black or white, whichever reads better on `color`. */
export function readableOn(color: Rgb): string {
  const [r, g, b] = color.map(toLinear) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return luminance > 0.179 ? '#000' : '#fff';
}

function toLinear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function fromLinear(c: number): number {
  return 255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);
}

export function toOklab(color: Rgb): Lab {
  const [r, g, b] = color.map(toLinear) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([L, a, b]: Lab): [number, number, number] {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** Keeps lightness and hue, and gives up colourfulness, when a screen cannot show a colour. */
export function fitToGamut(lab: Lab): Rgb {
  for (let scale = 1; ; scale -= 0.04) {
    const linear = fromOklab([lab[0], lab[1] * scale, lab[2] * scale]);
    if (scale <= 0.04 || linear.every((c) => c >= -0.001 && c <= 1.001)) {
      return linear.map((c) =>
        Math.round(Math.max(0, Math.min(255, fromLinear(Math.max(0, Math.min(1, c)))))),
      ) as [number, number, number];
    }
  }
}
