import assert from 'node:assert/strict';
import { writeComparisonReport } from '../../src/compare/report';
import type { AttentionRun } from '../../src/protocol/attention';
import type { Maybe } from '../../src/protocol/compare';
import { bert, gpt } from './compareReportArchitectures';
import { reportInput, sampleScaling } from './compareReportInput';
import { expectSays, proseOf } from './compareReportProse';

describe('the models in the report', () => {
  it('blames size only where sizes differ', () => {
    expectSays(
      reportInput(),
      ['archSameSize', 'archMaskDiffers', 'archNormDiffers', 'archSegments'],
      ['archOtherSize'],
    );
    const large = {
      ...gpt,
      layers: 12,
      numHeads: 12,
      hiddenSize: 768,
      parameters: { ...gpt.parameters, total: 34_130_000 },
    };
    const other = reportInput({ architecture: () => ({ left: bert, right: large, others: [] }) });
    expectSays(other, ['archOtherSize'], ['archSameSize']);
    assert.match(
      proseOf(other, 'en'),
      /scope-gpt has 10 times the parameters of scope-bert \(12 layers against 4, width 768 against 192\)/,
    );
    const twice = reportInput({ architecture: () => ({ left: gpt, right: gpt, others: [] }) });
    expectSays(
      twice,
      ['archBothCausal', 'archNormSame'],
      ['archMaskDiffers', 'archNormDiffers', 'archSegments'],
    );
    const encoders = reportInput({ architecture: () => ({ left: bert, right: bert, others: [] }) });
    expectSays(encoders, ['archNeitherCausal'], ['archMaskDiffers']);
    const shared = reportInput({
      architecture: () => ({
        left: { ...bert, sharedLayers: true, tiedEmbeddings: false },
        right: gpt,
        others: [],
      }),
    });
    expectSays(shared, ['archShared', 'archUntied'], []);
    // 5 % of the parameters in the layers: the vocabulary is most.
    const wordy = {
      ...bert,
      parameters: {
        unplaced: 12,
        total: 2_000_000,
        parts: [
          { part: 'tokenEmbedding', count: 1_900_000 },
          { part: 'attention', count: 100_000 },
        ] as const,
      },
    };
    expectSays(
      reportInput({ architecture: () => ({ left: wordy, right: wordy, others: [] }) }),
      ['archMostlyVocabulary', 'archUnplaced'],
      ['archMostlyLayers'],
    );
  });

  it('has a column for each further model', () => {
    const input = reportInput({
      architecture: (value) => ({
        ...value,
        others: [
          { ...bert, name: 'distil' },
          { missing: 'failed', detail: 'no such file' },
        ],
      }),
    });
    const markdown = writeComparisonReport(input, 'md', 'en');
    assert.match(markdown, /\| property \| scope-bert \| scope-gpt \| distil \|/);
    assert.match(markdown, /it failed \(no such file\)/);
  });

  it('reads the scaling curve as it is', () => {
    expectSays(
      reportInput(),
      ['scaleMonotone', 'scaleNear', 'scaleWeak'],
      ['scaleNotMonotone', 'scaleFar', 'scaleNone'],
    );
    const bumpy = {
      ...sampleScaling,
      sizes: sampleScaling.sizes.map((size, index) => ({
        ...size,
        heldOutLoss: index === 2 ? 9 : size.heldOutLoss,
      })),
      fit: { a: 60, b: 0.1, c: 3 },
    };
    expectSays(
      reportInput({}, { scaling: bumpy }),
      ['scaleNotMonotone', 'scaleFar'],
      ['scaleMonotone', 'scaleNear'],
    );
    expectSays(reportInput({}, { scaling: null }), ['scaleNone'], ['scaleFit']);
  });

  it('tells which cut is the coarser, and whether the vocabulary explains it', () => {
    expectSays(reportInput(), ['tokLargerDoesNotHelp', 'tokDiffer'], ['tokLargerHelps', 'tokAgree']);
    const swapped = reportInput({
      architecture: () => ({
        left: { ...bert, vocabularySize: 4000 },
        right: { ...gpt, vocabularySize: 50_257 },
        others: [],
      }),
    });
    expectSays(swapped, ['tokLargerHelps'], ['tokLargerDoesNotHelp']);
  });

  it('tells where attention goes only where the pictures are not pooled', () => {
    expectSays(
      reportInput(),
      ['attShares', 'attAsEven', 'attNoRight', 'attSink', 'attSource'],
      ['attPooled', 'attMoreRight', 'attLessRight'],
    );
    const pooled = reportInput({
      reading: (value) => {
        const pool = (run: Maybe<AttentionRun>): Maybe<AttentionRun> => ({
          ...(run as AttentionRun),
          thumbnails: { size: 8, data: new ArrayBuffer(4 * 64) },
        });
        return { ...value, left: pool(value.left), right: pool(value.right) };
      },
    });
    expectSays(pooled, ['attPooled', 'attPairsCausal'], ['attShares', 'attNoRight', 'attSource', 'attSink']);
    const ahead = reportInput({
      reading: (value) => {
        const run = value.left as AttentionRun;
        const n = run.tokens.length;
        const data = new Uint8Array(4 * n * n);
        // Everybody looks at the last token.
        data.forEach((_, index) => (data[index] = index % n === n - 1 ? 255 : 0));
        return { ...value, left: { ...run, thumbnails: { size: n, data: data.buffer } } };
      },
    });
    expectSays(ahead, ['attMoreRight'], ['attAsEven', 'attLessRight']);
    assert.match(proseOf(ahead, 'en'), /scope-bert sends 97% of its attention to the right/);
  });
});
