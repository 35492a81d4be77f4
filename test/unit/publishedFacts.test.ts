import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { citationText, citedFacts } from '../../src/compare/citations';
import {
  fittedLoss,
  hoffmannLoss,
  kaplanDataLoss,
  kaplanLoss,
  scalingLaws,
} from '../../src/compare/scalingLaws';
import { timeline } from '../../src/compare/timeline';
import { type Variant, variants } from '../../src/compare/variants';
import { works } from '../../src/compare/works';
import { root } from './sourceTree';

/** Facts taken from papers: that they hang together, and agree with what can be counted. */

const named = (name: string): Variant => variants.find((variant) => variant.name === name)!;

describe('published variants', () => {
  it('name a source for every number, and a point in both languages', () => {
    for (const variant of variants) {
      assert.equal(citedFacts(variant).flatMap(({ facts }) => facts).length, 6, variant.name);
      for (const { citation } of citedFacts(variant)) {
        assert.match(citationText(citation), /^\S.*, \S/, variant.name);
        assert.ok(works[citation.work]);
      }
      for (const text of [variant.data, variant.objective, variant.point]) {
        assert.match(text.zh, /\p{Script=Han}/u);
        assert.doesNotMatch(text.en, /\p{Script=Han}/u);
      }
    }
  });

  it('are those of the course: each family is there', () => {
    const names = variants.map(({ name }) => name).join(' ');
    for (const family of [
      ...['Transformer base', 'GPT-1', 'GPT-2 XL', 'GPT-3 175B', 'InstructGPT', 'GPT-3.5', 'BERT base'],
      ...['BERT large', 'RoBERTa', 'ALBERT xxlarge', 'DistilBERT', 'ELECTRA small', 'T5', 'BART'],
    ]) {
      assert.ok(names.includes(family), family);
    }
  });

  /**
   * Parameters by arithmetic: embeddings, and per block 4·d² of attention (8·d² of a decoder that also looks across)
   * and 8·d² of feed-forward of four times the width. Papers round, and count heads or not.
   */
  const byArithmetic = ({ kind, layers, width, vocabulary, context }: Variant, embedding: number): number => {
    const [l, d] = [layers!, width!];
    const tables = (vocabulary! + (context ?? 0)) * embedding + (embedding === d ? 0 : embedding * d);
    return tables + (kind === 'encoder-decoder' ? l * 12 * d * d + l * 16 * d * d : l * 12 * d * d);
  };

  it('have the parameters that their sizes give', () => {
    for (const variant of variants) {
      // Shared layers, and widths of head or feed-forward that are no multiple of the width, are counted otherwise.
      if (variant.parameters === null || /ALBERT|T5 3B|T5 11B|GPT-3 XL|ELECTRA small/.test(variant.name)) {
        continue;
      }
      const ratio = byArithmetic(variant, variant.width!) / variant.parameters;
      assert.ok(ratio > 0.93 && ratio < 1.07, `${variant.name}: ${ratio}`);
    }
  });

  it('have, where layers are shared or wide, the parameters of that', () => {
    for (const [name, inner] of Object.entries({ base: 768, large: 1024, xlarge: 2048, xxlarge: 4096 })) {
      const albert = named(`ALBERT ${name}`);
      assert.equal(albert.width, inner);
      const ratio = byArithmetic({ ...albert, layers: 1 }, 128) / albert.parameters!;
      assert.ok(ratio > 0.87 && ratio < 1.07, `${name}: ${ratio}`);
    }
    // T5 3B and 11B have heads of 128 and a feed-forward of 16,384 and 65,536.
    for (const [name, heads, inner] of [
      ['T5 3B', 32, 16_384],
      ['T5 11B', 128, 65_536],
    ] as const) {
      const { layers, width, vocabulary, parameters } = named(name);
      const attention = 4 * width! * heads * 128;
      const total = vocabulary! * width! + layers! * (3 * attention + 2 * 2 * width! * inner);
      assert.ok(Math.abs(total / parameters! - 1) < 0.05, `${name}: ${total}`);
    }
  });

  it('agree with what PyTorch counts of the same configuration', () => {
    const counted = JSON.parse(
      readFileSync(join(root, 'test/fixtures/architecture/expected.json'), 'utf8'),
    ) as Record<string, { total: number; config: Record<string, number> }>;
    for (const [file, name] of Object.entries({
      'bert-base': 'BERT base',
      'bert-large': 'BERT large',
      'roberta-base': 'RoBERTa base',
      'distilbert-base': 'DistilBERT',
      'albert-base': 'ALBERT base',
      gpt2: 'GPT-2 small',
      'gpt2-medium': 'GPT-2 medium',
      'gpt2-large': 'GPT-2 large',
      'gpt2-xl': 'GPT-2 XL',
    })) {
      const { total } = counted[file]!;
      assert.ok(Math.abs(total / named(name).parameters! - 1) < 0.03, name);
    }
  });
});

describe('the timeline', () => {
  it('runs from 2017 to 2022 in order, each with a source and a sentence in both languages', () => {
    const months = timeline.map(({ year, month }) => 12 * year + month);
    assert.deepEqual(
      months,
      [...months].sort((a, b) => a - b),
    );
    assert.equal(timeline[0]?.year, 2017);
    assert.equal(timeline.at(-1)?.year, 2022);
    assert.equal(timeline.length, 15);
    for (const { sentence, source, name } of timeline) {
      assert.match(sentence.zh, /\p{Script=Han}/u, name);
      assert.ok(citationText(source).length > 5);
    }
  });
});

describe('published scaling laws', () => {
  it('give the losses that the papers speak of', () => {
    // Kaplan et al. 2020, figure 1: from 10⁵ to 10⁹ parameters the loss falls from about 4.8 to about 2.4.
    assert.ok(Math.abs(kaplanLoss(1e5) - 4.8) < 0.1, `${kaplanLoss(1e5)}`);
    assert.ok(Math.abs(kaplanLoss(1e9) - 2.4) < 0.1, `${kaplanLoss(1e9)}`);
    // Doubling parameters multiplies the loss by 2^-0.076 = 0.949, doubling data by 2^-0.095 = 0.936.
    assert.ok(Math.abs(kaplanLoss(2e8) / kaplanLoss(1e8) - 0.949) < 0.001);
    assert.ok(Math.abs(kaplanDataLoss(2e10) / kaplanDataLoss(1e10) - 0.936) < 0.001);
    // By hand: 280e9^0.34 = 7,760 and 300e9^0.28 = 1,637, so 1.69 + 0.0524 + 0.2509.
    assert.ok(Math.abs(hoffmannLoss(280e9, 300e9) - 1.993) < 0.005, `${hoffmannLoss(280e9, 300e9)}`);
    // Chinchilla (70 billion on 1.4 trillion tokens) is better than Gopher (280 billion on 300 billion).
    assert.ok(hoffmannLoss(70e9, 1.4e12) < hoffmannLoss(280e9, 300e9));
    assert.equal(fittedLoss({ a: 8, b: 1, c: 2 }, 4), 4);
    assert.equal(scalingLaws.length, 3);
  });
});
