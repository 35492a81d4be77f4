import assert from 'node:assert/strict';
import { comparisonReport, writeComparisonReport } from '../../src/compare/report';
import type { ReportInput } from '../../src/compare/reportFacts';
import type { WordKey } from '../../src/compare/reportSpeech';
import { reportWordings } from '../../src/compare/reportWording';
import type { AttentionRun } from '../../src/protocol/attention';
import {
  type Both,
  type Cloze,
  type CompareStates,
  type CompareValues,
  type Maybe,
  type Missing,
  compareParts,
} from '../../src/protocol/compare';
import { notesOf } from '../../src/report/notes';
import {
  type Rights,
  bert,
  clozeSide,
  gpt,
  leftAhead,
  reportInput,
  sampleScaling,
  words,
} from './compareReportInput';

const languages = ['en', 'zh'] as const;
type Language = (typeof languages)[number];

/** Paragraphs and lists, without tables, figures and quotations. */
function proseOf(input: ReportInput, language: Language, without: readonly WordKey[] = []): string {
  const skipped = new Set(without.map((key) => reportWordings[language][key]));
  let inside = true;
  return comparisonReport(input, language)
    .blocks.flatMap((block) => {
      if (block.kind === 'heading') {
        inside = !skipped.has(block.text);
        return [];
      }
      return !inside
        ? []
        : block.kind === 'text'
          ? [block.text]
          : block.kind === 'list'
            ? [...block.items]
            : [];
    })
    .join('\n');
}

/** Whether a sentence of the wording stands in the report, whatever its numbers. */
function says(input: ReportInput, language: Language, key: WordKey): boolean {
  const pattern = reportWordings[language][key]
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/ ?\{\d+\} ?/g, ' ?[^\\n]*? ?');
  return new RegExp(pattern).test(proseOf(input, language));
}

/** In both languages. */
function expectSays(input: ReportInput, said: readonly WordKey[], unsaid: readonly WordKey[] = []): void {
  for (const language of languages) {
    said.forEach((key) => assert.ok(says(input, language, key), `${language} should say ${key}`));
    unsaid.forEach((key) => assert.ok(!says(input, language, key), `${language} should not say ${key}`));
  }
}

function clozeOf({ left, right }: Rights, bits: Both<number> = { left: 3, right: 6 }): Cloze {
  return {
    words,
    left: clozeSide('both', left, (place) => bits.left + (place % 3)),
    right: clozeSide('left', right, (place) => bits.right + (place % 3)),
  };
}

function withCloze(rights: Rights): ReportInput {
  return reportInput({ cloze: () => clozeOf(rights) });
}

describe('the report of a comparison', () => {
  it('has the numbers that a hand calculation gives', () => {
    const prose = proseOf(reportInput(), 'en');
    const expected = [
      // 15 of 22 and 6 of 21, Wilson: centre (p + z²/2n) / (1 + z²/n), z = 1.96.
      'scope-bert had 15 of 22 right (68 %; 95 % Wilson interval 47 % to 84 %)',
      'scope-gpt had 6 of 21 right (29 %; 95 % Wilson interval 14 % to 50 %)',
      'The two intervals overlap',
      'both right on 5, neither on 6',
      'Only scope-bert was right on 9: “It”, “was” (×2), “warm”,',
      'Only scope-gpt was right on 1: “believed”.',
      // (9 − 1) / 21, and 2 · (1 + 10) / 2¹⁰.
      'scope-bert is 38 points ahead',
      'on the 10 words on which they disagree gives p = 0.021',
      // 4 bits a token: 30 and 28 tokens of ln 16 nats; 112 bits over the characters 4 to 121.
      'a pseudo-log-likelihood of −83.2 nats over 30 tokens',
      'a log-likelihood of −77.6 nats over 28 tokens: a perplexity of 16.0 per token and 0.96 bits per character',
      // Words cost 2 to 6 and 5 to 9 bits in turn.
      'A word cost scope-bert 4.0 bits on average and scope-gpt 7.0 (over the same 21 words); 21 words',
      // 1,536,000 / 3,413,000; (592,896 + 1,183,488 + 3,080) / 1,536,000; 13,652,000 / 3,413,000.
      '1.54 million (45 %) are the token embedding',
      'the layers take 1.2 times what the vocabulary takes',
      '13.7 MB, most of it as fp32: 4.0 bytes for each parameter',
      // 8,000,000 − 4 · 6 · 192 · 4 and 5,000,000 − 4 · 6 · 192 · 4 operations at 32 instead of 38 tokens.
      'In a text as long as this one (32 tokens) a token costs scope-bert 1.6 times the operations',
      // 27 and 26 tokens over 22 words.
      '1.23 tokens per word for scope-bert and 1.18 for scope-gpt',
      'Of 22 words, 17 have one token in both, 1 only in scope-bert, 1 only in scope-gpt',
      '“unbelievable” is un · believ · able / unbeliev · able',
      // n (n + 1) / 2 of n² for n = 29.
      'scope-gpt has 841 pairs of a query and a key, of which its mask leaves 435 open (52 %)',
      // ln 8000 and ln 4096.
      'would lose 8.99 nats',
      'would lose 8.32 nats',
      // Three pairs: 0.2, 0.3, 0.4 and 0.6, 0.9, 0.75.
      'the mean cosine of scope-bert goes from 0.30 at the embedding to 0.75',
      'lie furthest apart at layer 1: from 0.10 to 0.50',
      // 60 · 1,780,000^−0.3 · (1 − 2^−0.3).
      'doubling the largest model would lower its loss by 0.150 nats',
      'N counted without the embeddings',
    ];
    expected.forEach((sentence) => assert.ok(prose.includes(sentence), sentence));
  });

  it('analyses for more than 1,500 characters in each language, from sentences with a number or a word of the text', () => {
    for (const language of languages) {
      const analysis = proseOf(reportInput(), language, [
        'inShort',
        'theText',
        'notes',
        'limits',
        'reproduce',
      ])
        .split(language === 'zh' ? /(?<=[。；])/ : /(?<=[.:;])\s/)
        .filter((sentence) => /\d|“/.test(sentence))
        .join('');
      const length = language === 'zh' ? (analysis.match(/\p{Script=Han}/gu) ?? []).length : analysis.length;
      assert.ok(length >= 1500, `${language}: ${length}`);
    }
  });

  it('leaves no hole, and no value that is none', () => {
    for (const language of languages) {
      for (const format of ['md', 'html'] as const) {
        const report = writeComparisonReport(reportInput(), format, language).replace(/base64,[^)]*/g, '');
        assert.doesNotMatch(report, /\{\d\}|undefined|NaN|Infinity|\[object|null\b/);
      }
    }
  });

  it('has the same holes in both languages', () => {
    const holes = (text: string): string => [...new Set(text.match(/\{\d\}/g))].sort().join();
    for (const key of Object.keys(reportWordings.en) as WordKey[]) {
      assert.equal(holes(reportWordings.zh[key]), holes(reportWordings.en[key]), key);
    }
  });

  it('says who is ahead only as far as the words bear it', () => {
    expectSays(
      withCloze(leftAhead),
      ['clozeAhead', 'fitFillClear', 'clozeOverlap'],
      ['clozeOpen', 'clozeFew'],
    );
    assert.match(proseOf(withCloze(leftAhead), 'en'), /scope-bert is 38 points ahead/);

    // 5 both, 1 only left, 9 only right: the mirror image.
    const mirrored = { left: [1, 2, 3, 4, 5, 15], right: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] };
    expectSays(withCloze(mirrored), ['clozeAhead', 'fitFillClear']);
    assert.match(proseOf(withCloze(mirrored), 'en'), /scope-gpt is 38 points ahead/);
    assert.match(
      proseOf(withCloze(mirrored), 'en'),
      /finished text: scope-gpt, which had 14 of 21 words right where scope-bert had 6/,
    );

    // 4 only left, 2 only right: p = 2 · (1 + 6 + 15) / 2⁶ = 0.6875.
    const close = { left: [1, 2, 3, 4], right: [5, 6] };
    expectSays(withCloze(close), ['clozeOpen', 'fitFillOpen'], ['clozeAhead', 'fitFillClear']);
    assert.match(
      proseOf(withCloze(close), 'en'),
      /scope-bert is 10 points ahead .*p = 0\.688: chance is not ruled out/,
    );

    const tied = { left: [1, 2], right: [2, 3] };
    expectSays(withCloze(tied), ['clozeTied', 'fitFillOpen'], ['clozeAhead', 'clozeOpen']);
    assert.match(proseOf(withCloze(tied), 'en'), /equally often, on 2 words/);

    // All against none: no overlap.
    const all = { left: words.map((_, index) => index), right: [] };
    expectSays(withCloze(all), ['clozeApart', 'clozeOnlyNone'], ['clozeOverlap']);
  });

  it('calls a dozen words an observation, however they fall', () => {
    const few = reportInput({
      cloze: () => {
        const whole = clozeOf({ left: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], right: [] });
        return {
          ...whole,
          words: words.map((word, index) => ({ ...word, counts: word.counts && index < 13 })),
        };
      },
    });
    expectSays(few, ['clozeFew', 'fitFillOpen', 'bitsRankFew'], ['clozeAhead', 'fitFillClear']);
  });

  it('compares likelihoods only where they are alike', () => {
    expectSays(
      reportInput(),
      ['llNotComparable', 'llVocabularies', 'fitJudge'],
      ['llComparable', 'llBothPseudo'],
    );
    const causal = reportInput({
      cloze: (value) => ({ ...value, left: clozeSide('left', [1], () => 4) }),
    });
    expectSays(causal, ['llComparable'], ['llNotComparable', 'llBothPseudo', 'fitJudge']);
    const pseudo = reportInput({
      cloze: (value) => ({ ...value, right: clozeSide('both', [1], () => 4) }),
    });
    expectSays(pseudo, ['llBothPseudo'], ['llNotComparable', 'llComparable']);
  });

  it('says how far the same words are hard for both', () => {
    expectSays(reportInput(), ['bitsRankHigh'], ['bitsRankNone']);
    const opposite = reportInput({
      cloze: () => ({
        words,
        left: clozeSide('both', [], (place) => place),
        right: clozeSide('left', [], (place) => 30 - place),
      }),
    });
    expectSays(opposite, ['bitsRankNone', 'bitsLaterCheaper'], ['bitsRankHigh', 'bitsLaterNot']);
  });

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

  it('tells what the blank’s candidates were up against', () => {
    expectSays(
      reportInput(),
      ['blankIsRight', 'blankRankFirst', 'blankInContextOriginal', 'blankChanged'],
      ['blankInContextOther', 'blankCase'],
    );
    const changed = reportInput({
      blank: (value) => {
        const blank = value as Exclude<typeof value, Missing>;
        const right = blank.right as Exclude<typeof blank.right, Missing>;
        const [first] = right.candidates;
        return {
          ...blank,
          right: { ...right, candidates: [first!, { ...first!, text: ' Sun', piece: 'Sun' }] },
          inContext: [
            { text: 'light', original: false, logLikelihood: -1, share: 0.8 },
            { text: 'Sun', original: true, logLikelihood: -2, share: 0.2 },
          ],
        };
      },
    });
    expectSays(
      changed,
      ['blankRank', 'blankInContextOther', 'blankCase'],
      ['blankInContextOriginal', 'blankChanged', 'blankRankFirst'],
    );
    assert.match(proseOf(changed, 'en'), /The word that stands there has rank 2/);
  });

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
    assert.match(proseOf(ahead, 'en'), /scope-bert sends 97 % of its attention to the right/);
  });

  it('says what was not measured and why, and goes on', () => {
    const nothing: ReportInput = {
      ...reportInput({}, { scaling: null }),
      parts: Object.fromEntries(
        compareParts.map((part) => [part, { state: 'waiting' }]),
      ) as unknown as CompareStates,
    };
    expectSays(nothing, ['nothingYet', 'notDone', 'fitNone', 'limitNoWords', 'scaleNone']);
    const failed: ReportInput = {
      ...nothing,
      parts: Object.fromEntries(
        compareParts.map((part) => [part, { state: 'failed', message: `${part} broke` }]),
      ) as unknown as CompareStates,
    };
    compareParts.forEach((part) =>
      assert.match(proseOf(failed, 'en'), new RegExp(`because it failed: ${part} broke`)),
    );
    const kinds = [
      'notMasked',
      'notCausal',
      'noHead',
      'oneSentence',
      'noWords',
      'noModel',
      'failed',
    ] as const;
    for (const kind of kinds) {
      const gone: Missing = { missing: kind, detail: 'disk full' };
      const input = reportInput({
        reading: (value) => ({ ...value, left: gone }),
        cloze: (value) => ({ ...value, left: gone }),
        blank: (value) => ({ ...(value as Exclude<typeof value, Missing>), left: gone, inContext: gone }),
        architecture: () => ({ left: gone, right: gpt, others: [gone] }),
        pretraining: () => ({ masked: gone, causal: gone, nextSentence: gone }),
        sentences: () => gone,
        uses: () => ({ classified: [gone], continued: gone, forced: gone }),
        chat: (value) => ({ ...value, base: gone }),
      });
      const key = `missing${kind[0]!.toUpperCase()}${kind.slice(1)}` as WordKey;
      expectSays(input, [key], ['clozeAhead', 'archMaskDiffers', 'attShares']);
      for (const language of languages) {
        assert.doesNotMatch(writeComparisonReport(input, 'html', language), /undefined|NaN|Infinity|\{\d\}/);
      }
    }
  });

  it('tells two of the same model apart', () => {
    const input = reportInput();
    const same = {
      ...input,
      compared: {
        ...input.compared,
        models: { left: { id: 'm', folder: '/a' }, right: { id: 'm', folder: '/b' } },
      },
    };
    assert.match(writeComparisonReport(same, 'md', 'en'), /^# m \(left\) and m \(right\)/);
  });

  it('keeps notes, and names no folder', () => {
    for (const language of languages) {
      for (const format of ['md', 'html'] as const) {
        const report = writeComparisonReport(
          reportInput({}, { notes: 'Mine: a < b\n\n- 中文' }),
          format,
          language,
        );
        assert.equal(notesOf(report), 'Mine: a < b\n\n- 中文');
        assert.ok(!report.includes('/models/scope'));
      }
    }
  });
});
