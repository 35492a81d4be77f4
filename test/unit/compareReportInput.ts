import type { ReportInput } from '../../src/compare/reportFacts';
import type { ComparePart, CompareStates, CompareValues } from '../../src/protocol/compare';
import type { ScalingCurve } from '../../src/protocol/comparePage';
import { sampleText } from './compareReportText';
import { sampleValues } from './compareReportValues';

/** What a report is written from: a finished comparison, whole or changed in places. */

export const sampleScaling: ScalingCurve = {
  tokens: 10_000_000,
  sizes: [
    [1, 64, 310_000, 50_000],
    [2, 96, 620_000, 225_000],
    [3, 128, 1_120_000, 595_000],
    [4, 192, 2_660_000, 1_780_000],
  ].map(([layers, width, parameters, nonEmbedding]) => ({
    layers: layers!,
    width: width!,
    heads: 2,
    parameters: parameters!,
    nonEmbedding: nonEmbedding!,
    // On the curve, to two digits.
    heldOutLoss: Math.round(100 * (60 * nonEmbedding! ** -0.3 + 3.2)) / 100,
  })),
  fit: { a: 60, b: 0.3, c: 3.2 },
};

/** The sample with some parts' values changed. */
export function reportInput(
  changes: { readonly [P in ComparePart]?: (value: CompareValues[P]) => CompareValues[P] } = {},
  rest: Partial<ReportInput> = {},
): ReportInput {
  const made = sampleValues();
  const parts = Object.fromEntries(
    (Object.keys(made) as ComparePart[]).map((part) => {
      const change = changes[part] as ((value: unknown) => unknown) | undefined;
      return [part, { state: 'done', value: change ? change(made[part]) : made[part], milliseconds: 120 }];
    }),
  ) as unknown as CompareStates;
  return {
    compared: {
      text: sampleText,
      source: { name: 'english.md', startLine: 3, endLine: 5 },
      models: {
        left: { id: 'scope-bert', folder: '/models/scope-bert' },
        right: { id: 'scope-gpt', folder: '/models/scope-gpt' },
      },
    },
    parts,
    notes: '',
    hashes: { left: 'a'.repeat(64), right: 'b'.repeat(64) },
    settings: { precision: 'int8', runtime: 'native', seed: 7 },
    scaling: sampleScaling,
    date: '2026-11-26T00:30:00Z',
    ...rest,
  };
}
