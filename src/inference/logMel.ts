import { Fourier } from './fourier';
import { melFilters } from './melFilters';

/** How a speech model hears, as `preprocessor_config.json` states it. */
export interface HearingSettings {
  /** Samples per second. */
  readonly sampleRate: number;
  /** Samples in a window, and between the beginnings of two. */
  readonly windowSize: number;
  readonly hop: number;
  readonly mels: number;
  /** Samples that the model always reads; a shorter sound is followed by silence. */
  readonly numSamples: number;
}

export interface LogMel {
  readonly mels: number;
  readonly frames: number;
  /** `[mels, frames]` */
  readonly data: Float32Array;
}

/** Ten to the power of this is the least energy that is told from none. */
const floor = 1e-10;
/** What lies further below the loudest than this (in powers of ten) is cut off. */
const range = 8;

/**
 * What Whisper hears (Radford et al. 2022, section 2.2): the logarithm of the energy in each mel band, in windows
 * (Hann) of 25 ms every 10 ms, cut off 80 dB below the loudest and scaled to about −1 … 1. As transformers'
 * `WhisperFeatureExtractor` has it, in double precision.
 * @param samples −1 … 1, at the settings' rate; what is longer than the model reads is left out
 */
export function logMel(samples: Float32Array, settings: HearingSettings): LogMel {
  const { windowSize, hop, mels, numSamples, sampleRate } = settings;
  const frames = Math.floor(numSamples / hop);
  const bins = Math.floor(windowSize / 2) + 1;
  const filters = melFilters(mels, bins, sampleRate).map(sparse);
  const hann = Float64Array.from(
    { length: windowSize },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / windowSize),
  );
  const fourier = new Fourier(windowSize);
  const windowed = new Float64Array(windowSize);
  const power = new Float64Array(bins);
  const logs = new Float64Array(mels * frames);
  let loudest = -Infinity;
  for (let frame = 0; frame < frames; frame++) {
    // Windows stand centred on their time; what lies outside is the sound mirrored at its ends.
    const first = frame * hop - Math.floor(windowSize / 2);
    if (first < samples.length) {
      for (let index = 0; index < windowSize; index++) {
        windowed[index] = (samples[mirrored(first + index, numSamples)] ?? 0) * hann[index]!;
      }
      fourier.powerSpectrum(windowed, power);
    } else {
      // Silence up to the end, and mirrored silence behind it.
      power.fill(0);
    }
    for (let mel = 0; mel < mels; mel++) {
      const { start, weights } = filters[mel]!;
      let energy = 0;
      for (let bin = 0; bin < weights.length; bin++) {
        energy += weights[bin]! * power[start + bin]!;
      }
      const log = Math.log10(Math.max(energy, floor));
      logs[mel * frames + frame] = log;
      loudest = Math.max(loudest, log);
    }
  }
  return { mels, frames, data: Float32Array.from(logs, (log) => (Math.max(log, loudest - range) + 4) / 4) };
}

function mirrored(index: number, length: number): number {
  const inside = index < 0 ? -index : index;
  return inside >= length ? 2 * (length - 1) - inside : inside;
}

/** A filter is zero nearly everywhere. */
function sparse(filter: Float64Array): { start: number; weights: Float64Array } {
  const start = Math.max(
    0,
    filter.findIndex((weight) => weight > 0),
  );
  const end = filter.findLastIndex((weight) => weight > 0) + 1;
  return { start, weights: filter.subarray(start, Math.max(start, end)) };
}
