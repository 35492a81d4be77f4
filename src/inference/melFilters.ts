/**
 * Triangular filters on the mel scale of Slaney's Auditory Toolbox (1998), each of area one: `[mels, bins]`, for
 * spectra of `bins` frequencies from 0 to half the sampling rate. The highest filter ends there too.
 */
export function melFilters(mels: number, bins: number, sampleRate: number): Float64Array[] {
  const top = sampleRate / 2;
  const last = melOf(top);
  const edges = Array.from({ length: mels + 2 }, (_, edge) => hertzOf((last * edge) / (mels + 1)));
  return Array.from({ length: mels }, (_, mel) => {
    const [low, centre, high] = edges.slice(mel, mel + 3) as [number, number, number];
    return Float64Array.from({ length: bins }, (_, bin) => {
      const hertz = (top * bin) / (bins - 1);
      const rising = (hertz - low) / (centre - low);
      const falling = (high - hertz) / (high - centre);
      return (Math.max(0, Math.min(rising, falling)) * 2) / (high - low);
    });
  });
}

/** Linear up to 1000 Hz, logarithmic above. */
const border = { hertz: 1000, mel: 15, perOctave: 27 / Math.log(6.4) };

function melOf(hertz: number): number {
  return hertz < border.hertz
    ? (3 * hertz) / 200
    : border.mel + Math.log(hertz / border.hertz) * border.perOctave;
}

function hertzOf(mel: number): number {
  return mel < border.mel ? (200 * mel) / 3 : border.hertz * Math.exp((mel - border.mel) / border.perOctave);
}
