import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '../../src/inference/tokenizer';
import { tokenizerFolder } from '../fixtures/tokenizers/expected';

interface LongCase {
  readonly tokenizer: string;
  readonly unit: string;
  readonly times: number;
  readonly count: number;
  readonly checksum: number;
}

const file = join(__dirname, '..', 'fixtures', 'tokenizers', 'long.json');
const cases = JSON.parse(readFileSync(file, 'utf8')) as LongCase[];

describe('Words of 200,000 characters', () => {
  for (const { tokenizer: name, unit, times, count, checksum } of cases) {
    it(`${name} spells ${times} × “${unit}” as Python does`, async function () {
      this.timeout(60_000);
      const tokenizer = await Tokenizer.load(tokenizerFolder(name));
      const text = unit.repeat(times);
      const { tokens } = tokenizer.tokenize(text, Infinity);
      assert.equal(tokens.length, count);
      const sum = tokens.reduce((total, { id }, place) => (total + (place + 1) * id) % (2 ** 31 - 1), 0);
      assert.equal(sum, checksum);
      let end = 0;
      for (const token of tokens) {
        assert.ok(token.start === end || token.start === token.end, 'ranges cover the word');
        end = Math.max(end, token.end);
      }
      assert.equal(end, text.length);
    });
  }
});
