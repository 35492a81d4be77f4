import assert from 'node:assert/strict';
import fc from 'fast-check';
import { characterGroups } from '../../src/text/characterGroups';
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

/** Their tables replace “▁” with all its marks by a space: Hugging Face's own tokenizers lose those marks, too. */
const replacedWhole: ReadonlySet<string> = new Set(['t5', 'deberta']);

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
            const isIgnored =
              (ignored[name]?.test(char.toWellFormed()) ?? false) ||
              (replacedWhole.has(name) && /^\p{M}$/u.test(char) && /▁\p{M}*$/u.test(sample.slice(0, offset)));
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

  const hostile: Record<string, (length: number) => string> = {
    prose: (length) => 'The cat sat on the mat, and 我爱北京. '.repeat(length / 36 + 1).slice(0, length),
    'one word': (length) => 'x'.repeat(length),
    spaces: (length) => ' '.repeat(length),
    'line breaks': (length) => '\r\n'.repeat(length / 2),
    marks: (length) => `e${'\u0301'.repeat(length - 1)}`,
    ideographs: (length) => '北京天安门'.repeat(length / 5),
    emoji: (length) => '👨\u200d👩'.repeat(length / 5),
    surrogates: (length) => '\udc00'.repeat(length),
  };
  for (const name of names) {
    it(`${name}: the work grows with the text, not with its square, whatever it is`, function () {
      this.timeout(300_000);
      const tokenizer = tokenizers.get(name)!;
      for (const [kind, make] of Object.entries(hostile)) {
        const growth = leastGrowth((text) => tokenizer.tokenizeContent(text), make(10_000), make(100_000));
        // 10 is linear, 100 is quadratic; a larger heap costs the collector some more.
        assert.ok(growth < maxGrowth, `${kind}: ${growth.toFixed(0)} times the work`);
      }
    });
  }
});

const maxGrowth = 60;
/** Less processor time than this says nothing: caches and compilers weigh more. */
const leastMicroseconds = 10_000;

/**
 * How many times the processor time of `small` this process spends on `large`: the least of each over several
 * runs, since a busy machine only ever adds. It ends as soon as the growth is found small enough.
 */
function leastGrowth(work: (text: string) => unknown, small: string, large: string): number {
  let [least, most] = [Infinity, Infinity];
  for (let round = 0; round < 6 && !(most / least < maxGrowth); round++) {
    least = Math.min(
      least,
      processorMicroseconds(() => work(small)),
    );
    most = Math.min(
      most,
      processorMicroseconds(() => work(large)),
    );
  }
  return most / least;
}

function processorMicroseconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return Math.max(leastMicroseconds, user + system);
}
