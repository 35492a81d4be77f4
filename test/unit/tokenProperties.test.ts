import assert from 'node:assert/strict';
import fc from 'fast-check';
import { characterGroups } from '../../src/inference/characterGroups';
import { Tokenizer } from '../../src/inference/tokenizer';
import { expected, tokenizerFolder } from '../fixtures/tokenizers/expected';

const names = Object.keys(expected);
const fragments = [...new Set(names.flatMap((name) => expected[name]!.cases.map(({ text }) => text)))];
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary', maxLength: 3 })), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
  // Lone surrogates, and pairs that meet by chance.
  fc.array(fc.integer({ min: 0xd700, max: 0xe0ff })).map((units) => String.fromCharCode(...units)),
);

/** What a tokenizer may leave out, beside white space that it drops. */
const ignored: Record<string, RegExp> = {
  t5: /^[\s▁\u0085\u00ad\u200b\u200d]$/u,
  deberta: /^[\s▁\u0085\u00ad\u200b\u200d]$/u,
  albert: /^\p{M}$/u,
  'bert-cased': /^[\s\p{C}\ufffd]$/u,
  'bert-uncased': /^[\s\p{C}\p{M}\ufffd]$/u,
  'bert-chinese': /^[\s\p{C}\p{M}\ufffd]$/u,
  clip: /^\p{White_Space}$/u,
};

describe('ranges of tokens, whatever the text', () => {
  const tokenizers = new Map<string, Tokenizer>();
  before(async () => {
    for (const name of names) {
      tokenizers.set(name, await Tokenizer.load(tokenizerFolder(name)));
    }
  });

  for (const name of names) {
    it(`${name}: ordered, inside the text, and nothing is left out`, () => {
      const tokenizer = tokenizers.get(name)!;
      fc.assert(
        fc.property(text, (sample) => {
          const tokens = tokenizer.tokenizeContent(sample);
          const covered = new Uint8Array(sample.length);
          let [lastStart, lastEnd] = [0, 0];
          for (const { start, end } of tokens) {
            assert.ok(start >= lastStart && end >= start && end <= sample.length);
            assert.ok(end >= lastEnd || start === end, 'ends ascend');
            covered.fill(1, start, end);
            [lastStart, lastEnd] = [start, Math.max(lastEnd, end)];
          }
          let offset = 0;
          for (const char of sample) {
            const isIgnored = ignored[name]?.test(char.toWellFormed()) ?? false;
            assert.ok(covered[offset] === 1 || isIgnored, `${JSON.stringify(char)} at ${offset}`);
            offset += char.length;
          }
          const groups = characterGroups(tokens);
          assert.equal(
            groups.reduce((sum, { from, to }) => sum + to - from, 0),
            tokens.length,
          );
        }),
        { numRuns: 300 },
      );
    });
  }

  it('spells what it stands for: a token alone in its range decodes to it', () => {
    // These change nothing in a text, so that range and spelling can be compared letter by letter.
    for (const name of ['gpt2', 'gemma', 'llama']) {
      const tokenizer = tokenizers.get(name)!;
      fc.assert(
        fc.property(text, (sample) => {
          const tokens = tokenizer.tokenizeContent(sample);
          for (const { from, to } of characterGroups(tokens)) {
            const { start, end, special, piece } = tokens[from]!;
            const isUnknown = special || piece === '<unk>' || start === end;
            if (to - from === 1 && !isUnknown) {
              const spelled =
                name === 'gpt2' ? tokenizer.decode([tokens[from]!.id]) : piece.replaceAll('▁', ' ');
              const range = sample.slice(start, end).replaceAll('▁', ' ');
              const withoutPrefix = start === 0 || name === 'llama' ? spelled.replace(/^ /, '') : spelled;
              const isByte = /^<0x..>$/.test(piece);
              assert.ok(
                isByte || range === spelled || range === withoutPrefix,
                `${piece} for ${JSON.stringify(range)}`,
              );
            }
          }
        }),
        { numRuns: 300 },
      );
    }
  });

  const long = 100_000;
  const hostile: Record<string, string> = {
    prose: 'The cat sat on the mat, and 我爱北京. '.repeat(long / 36 + 1).slice(0, long),
    'one word': 'x'.repeat(long),
    spaces: ' '.repeat(long),
    'line breaks': '\r\n'.repeat(long / 2),
    marks: `e${'\u0301'.repeat(long - 1)}`,
    ideographs: '北京天安门'.repeat(long / 5),
    emoji: '👨\u200d👩'.repeat(long / 5),
    surrogates: '\udc00'.repeat(long),
  };
  for (const name of names) {
    it(`${name}: reads 100,000 characters of anything in under two seconds`, function () {
      this.timeout(60_000);
      const tokenizer = tokenizers.get(name)!;
      for (const [kind, sample] of Object.entries(hostile)) {
        const start = performance.now();
        tokenizer.tokenizeContent(sample);
        const elapsed = performance.now() - start;
        assert.ok(elapsed < 2000, `${kind}: ${elapsed.toFixed(0)} ms`);
      }
    });
  }
});
