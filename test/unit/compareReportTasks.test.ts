import type { ReportInput } from '../../src/compare/reportFacts';
import type { CompareValues, Missing } from '../../src/protocol/compare';
import { reportInput } from './compareReportInput';
import { expectSays } from './compareReportProse';

describe('tasks and uses in the report', () => {
  it('tells tasks apart by what they gave', () => {
    expectSays(
      reportInput(),
      ['nspGood', 'nspTopic', 'fitPairs', 'mlmKeptCheaper'],
      ['nspBad', 'nspOrder', 'fitPairsWeak'],
    );
    const changed = reportInput({
      pretraining: (value) => {
        const next = value.nextSentence as Exclude<CompareValues['pretraining']['nextSentence'], Missing>;
        const masked = value.masked as Exclude<CompareValues['pretraining']['masked'], Missing>;
        return {
          ...value,
          masked: {
            ...masked,
            chosen: masked.chosen.map((each) => ({ ...each, loss: each.treatment === 'kept' ? 3 : 1 })),
          },
          nextSentence: {
            ...next,
            probability: 0.6,
            swapped: 0.2,
            unrelated: { ...next.unrelated, probability: 0.5 },
          },
        };
      },
    });
    expectSays(
      changed,
      ['nspBad', 'nspOrder', 'fitPairsWeak', 'mlmKeptNot'],
      ['nspGood', 'nspTopic', 'fitPairs', 'mlmKeptCheaper'],
    );
  });

  it('tells uses apart by what came of them', () => {
    expectSays(
      reportInput(),
      ['classDisagree', 'classNarrow', 'forcedRepeats', 'fitWriteForced', 'fitClassify'],
      ['classAgree', 'forcedVaried'],
    );
    const changed = reportInput({
      uses: (value) => ({
        ...value,
        classified: value.classified.filter((each) => 'method' in each && each.method !== 'zeroShot'),
        forced: { model: 'scope-bert', pieces: ['a', 'b', 'c', 'd'], text: 'a b c d' },
      }),
    });
    expectSays(
      changed,
      ['classAgree', 'forcedVaried', 'fitWriteForcedWell'],
      ['classDisagree', 'classNarrow', 'forcedRepeats'],
    );
    const headOnly = reportInput({
      uses: (value) => ({ ...value, classified: value.classified.slice(0, 1) }),
    });
    expectSays(headOnly, ['fitClassifyHead'], ['fitClassify', 'fitClassifyPrompt']);
    const promptOnly = reportInput({
      uses: (value) => ({ ...value, classified: value.classified.slice(1) }),
    });
    expectSays(promptOnly, ['fitClassifyPrompt'], ['fitClassify', 'fitClassifyHead']);
  });

  it('tells endings apart in the chat', () => {
    const ending = (base: string, tuned: string): ReportInput =>
      reportInput({
        chat: (value) => ({
          ...value,
          base: { ...(value.base as Exclude<typeof value.base, Missing>), finish: base },
          tuned: { ...(value.tuned as Exclude<typeof value.tuned, Missing>), finish: tuned },
        }),
      });
    const keys = ['chatOnlyTuned', 'chatOnlyBase', 'chatBothEnd', 'chatNeitherEnds'] as const;
    const cases = [
      ending('length', 'end'),
      ending('end', 'length'),
      ending('end', 'stop'),
      ending('length', 'context'),
    ];
    cases.forEach((input, index) =>
      expectSays(
        input,
        [keys[index]!],
        keys.filter((_, other) => other !== index),
      ),
    );
  });

  it('judges similarity by order where all are alike', () => {
    expectSays(reportInput(), ['simSameNearest'], ['simOtherNearest', 'simCrowded']);
    const crowded = reportInput({
      sentences: (value) => {
        const own = value as Exclude<typeof value, Missing>;
        const cosines = new Float32Array(27).fill(0.95);
        cosines[18 + 1] = cosines[18 + 3] = 0.99;
        return { ...own, right: { model: 'scope-gpt', numLayers: 3, cosines: cosines.buffer } };
      },
    });
    expectSays(crowded, ['simOtherNearest', 'simCrowded'], ['simSameNearest']);
  });
});
