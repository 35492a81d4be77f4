import { ScopeError } from '../protocol/errors';
import type { HearingSettings } from './logMel';
import { type JsonObject, readJson } from './modelFolder';

/** More samples than this, or windows, are no speech model's; it bounds what a hostile file can ask for. */
const maxSamples = 16_000 * 120;

/** Reads `preprocessor_config.json` of a Whisper folder. @throws {ScopeError} for anything else */
export async function readHearingSettings(folder: string): Promise<HearingSettings> {
  const config = await readJson(folder, 'preprocessor_config.json');
  const sampleRate = numberOf(config, 'sampling_rate', 16_000);
  const settings = {
    sampleRate,
    windowSize: numberOf(config, 'n_fft', 400),
    hop: numberOf(config, 'hop_length', 160),
    mels: numberOf(config, 'feature_size', 80),
    numSamples: sampleRate * numberOf(config, 'chunk_length', 30),
  };
  const { windowSize, hop, mels, numSamples } = settings;
  if (
    numSamples > maxSamples ||
    windowSize > 4096 ||
    windowSize > numSamples ||
    mels > 512 ||
    hop > numSamples
  ) {
    throw new ScopeError('modelUnsupported', 'preprocessor_config.json: sizes out of proportion');
  }
  return settings;
}

/** A whole number above 0. */
function numberOf(config: JsonObject, key: string, otherwise: number): number {
  const value = config[key] ?? otherwise;
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0) {
    throw new ScopeError('modelUnsupported', `preprocessor_config.json: ${key}`);
  }
  return value;
}
