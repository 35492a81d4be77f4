import assert from 'node:assert/strict';
import { Fourier } from '../../src/inference/fourier';
import { logMel } from '../../src/inference/logMel';
import { decodeFloats } from '../fixtures/graphCases';
import { featureCases, sound } from '../fixtures/speech/cases';

describe('log-mel features', () => {
  for (const { mels, seconds, repeats, every, dims, data } of featureCases()) {
    it(`are those of WhisperFeatureExtractor: ${mels} bands, a chunk of ${seconds} s`, () => {
      const { samples, sampleRate } = sound(repeats);
      const numSamples = seconds * sampleRate;
      const found = logMel(samples, { sampleRate, windowSize: 400, hop: 160, mels, numSamples });
      assert.deepEqual([found.mels, found.frames], [mels, 100 * seconds]);
      const wanted = decodeFloats(data);
      const [, kept = 0] = dims;
      for (let mel = 0; mel < mels; mel++) {
        for (let frame = 0; frame < kept; frame++) {
          const got = found.data[mel * found.frames + frame * every]!;
          // Python computes the transform in single precision: the faintest bands differ in the fifth digit.
          assert.ok(
            Math.abs(got - wanted[mel * kept + frame]!) <= 5e-5,
            `band ${mel}, frame ${frame * every}`,
          );
        }
      }
    });
  }

  it('rest on a transform that is the sum it is defined as', () => {
    for (const length of [1, 6, 7, 400]) {
      const samples = Float64Array.from({ length }, (_, index) => Math.sin(index * index + 1));
      const power = new Float64Array(Math.floor(length / 2) + 1);
      new Fourier(length).powerSpectrum(samples, power);
      power.forEach((found, k) => {
        let [re, im] = [0, 0];
        samples.forEach((sample, index) => {
          re += sample * Math.cos((2 * Math.PI * k * index) / length);
          im -= sample * Math.sin((2 * Math.PI * k * index) / length);
        });
        assert.ok(Math.abs(found - (re * re + im * im)) <= 1e-9 * (1 + found), `${length}, ${k}`);
      });
    }
  });
});
