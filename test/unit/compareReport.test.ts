import assert from 'node:assert/strict';
import { writeComparisonReport } from '../../src/compare/report';
import type { ReportInput } from '../../src/compare/reportFacts';
import type { WordKey } from '../../src/compare/reportSpeech';
import { reportWordings } from '../../src/compare/reportWording';
import { type CompareStates, type Missing, compareParts } from '../../src/protocol/compare';
import { notesOf } from '../../src/report/notes';
import { gpt } from './compareReportArchitectures';
import { reportInput } from './compareReportInput';
import { expectSays, languages, proseOf } from './compareReportProse';

describe('the report of a comparison', () => {
  it('has the numbers that a hand calculation gives', () => {
    const prose = proseOf(reportInput(), 'en');
    const expected = [
      // 15 of 22 and 6 of 21, Wilson: centre (p + z²/2n) / (1 + z²/n), z = 1.96.
      'scope-bert got 15 of 22 right (68%; 95% Wilson interval 47% to 84%)',
      'scope-gpt got 6 of 21 right (29%; 95% Wilson interval 14% to 50%)',
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
      '1.54 million (45%) are the token embedding',
      'the layers take 1.2 times as much as the vocabulary',
      '13.7 MB, most of it fp32: 4.0 bytes per parameter',
      // 8,000,000 − 4 · 6 · 192 · 4 and 5,000,000 − 4 · 6 · 192 · 4 operations at 32 instead of 38 tokens.
      'In a text as long as this one (32 tokens) a token costs scope-bert 1.6 times the operations',
      // 27 and 26 tokens over 22 words.
      '1.23 tokens per word for scope-bert and 1.18 for scope-gpt',
      'Of 22 words, 17 have one token in both, 1 only in scope-bert, 1 only in scope-gpt',
      '“unbelievable” is un · believ · able / unbeliev · able',
      // n (n + 1) / 2 of n² for n = 29.
      'scope-gpt has 841 pairs of a query and a key, of which its mask leaves 435 open (52%)',
      // ln 8000 and ln 4096.
      'would have a loss of 8.99 nats',
      'would have a loss of 8.32 nats',
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
        pretraining: () => ({ masked: gone, causal: gone, nextSentence: gone, replaced: gone }),
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
