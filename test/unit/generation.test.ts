import assert from 'node:assert/strict';
import { isScopeError } from '../../src/protocol/errors';
import { generate, nextToken } from '../../src/inference/generation';
import type { GeneratedToken } from '../../src/protocol/language';
import type { LanguageModel } from '../../src/inference/languageModel';
import { StopGate, TokenStream } from '../../src/inference/textStream';
import { assertClose, loadLanguageModel, readExpected } from '../fixtures/language/models';

interface Expected {
  readonly prompt: string;
  readonly ids: readonly number[];
  readonly top5: readonly { id: number; probability: number }[];
  readonly greedy: readonly {
    readonly repetitionPenalty: number;
    readonly ids: readonly number[];
    readonly text: string;
    readonly logProbabilities: readonly number[];
  }[];
}

/** Against `generate` of transformers on the same weights. */
describe('generation', function () {
  this.timeout(30_000);
  const expected = readExpected<Expected>('causal');
  let model: LanguageModel;
  before(async () => {
    model = await loadLanguageModel('causal');
  });
  after(() => model.release());

  for (const run of expected.greedy) {
    for (const useCache of [true, false]) {
      it(`equals Hugging Face: penalty ${run.repetitionPenalty}, ${useCache ? 'cache' : 'no cache'}`, async () => {
        const { repetitionPenalty } = run;
        const streamed: GeneratedToken[] = [];
        const result = await generate(
          model,
          expected.prompt,
          { temperature: 0, repetitionPenalty, maxNewTokens: run.ids.length, useCache },
          (token) => streamed.push(token),
        );
        assert.deepEqual(
          result.tokens.map((token) => token.id),
          run.ids,
        );
        result.tokens.forEach((token, index) =>
          assertClose(token.logProbability, run.logProbabilities[index] as number, 1e-4),
        );
        assert.equal(result.text, run.text);
        assert.ok(run.text.startsWith(streamed.map((token) => token.text).join('')));
        assert.equal(result.usedCache, useCache);
        assert.equal(result.numPromptTokens, expected.ids.length);
        assert.equal(result.finish, 'length');
      });
    }
  }

  it('reads the end of a prompt that is too long, where that is asked for', async () => {
    const { long } = readExpected<{ long: { text: string } }>('causal');
    const content = model.tokenizer.tokenizeContent(long.text);
    const options = { temperature: 0, maxNewTokens: 10 };
    const result = await generate(model, long.text, { ...options, keepEnd: true });
    assert.deepEqual([result.numPromptTokens, result.numDroppedTokens], [54, content.length - 54]);
    const end = long.text.slice(content.at(-54)?.start);
    assert.equal(result.text, (await generate(model, end, options)).text);
    const short = await generate(model, end, { ...options, keepEnd: true });
    assert.deepEqual([short.numDroppedTokens, short.text], [0, result.text]);
    const greedy = await generate(model, long.text, { ...options, maxNewTokens: 100, keepEnd: true });
    assert.deepEqual([greedy.numPromptTokens, greedy.finish], [32, 'context']);
  });

  it('tells the next token', async () => {
    const candidates = await nextToken(model, expected.prompt, { topK: 5 });
    candidates.forEach(({ id, probability }, index) => {
      assert.equal(id, expected.top5[index]?.id);
      assertClose(probability, expected.top5[index]?.probability as number, 1e-5);
    });
  });

  it('samples the same with and without cache, again with the seed, other with another', async () => {
    const sampled = async (seed: number, useCache: boolean): Promise<string> => {
      const options = { seed, useCache, temperature: 0.9, topP: 0.95, maxNewTokens: 20 };
      return (await generate(model, expected.prompt, options)).tokens.map((token) => token.id).join(' ');
    };
    const first = await sampled(1, true);
    assert.equal(await sampled(1, true), first);
    assert.equal(await sampled(1, false), first);
    assert.notEqual(await sampled(2, true), first);
  });

  it('reports the seed it drew', async () => {
    const first = await generate(model, 'the', { maxNewTokens: 10 });
    const again = await generate(model, 'the', { maxNewTokens: 10, seed: first.seed });
    assert.equal(again.text, first.text);
  });

  it('reports alternatives, the likeliest first', async () => {
    const { tokens } = await generate(model, expected.prompt, {
      temperature: 0,
      maxNewTokens: 3,
      alternatives: 4,
    });
    for (const token of tokens) {
      assert.equal(token.alternatives.length, 4);
      assert.equal(token.alternatives[0]?.id, token.id);
      assertClose(Math.log(token.alternatives[0].probability), token.logProbability, 1e-9);
    }
  });

  it('ends before a stop string that spans tokens', async () => {
    const whole = expected.greedy[0]!.text;
    const stop = whole.slice(8, 12);
    const streamed: string[] = [];
    const result = await generate(
      model,
      expected.prompt,
      { temperature: 0, maxNewTokens: 24, stop: [stop] },
      (token) => streamed.push(token.text),
    );
    assert.equal(result.finish, 'stop');
    assert.equal(result.text, whole.slice(0, whole.indexOf(stop)));
    assert.equal(streamed.join(''), result.text);
  });

  it('is cancelled within one token', async () => {
    const cancellation = { isCancellationRequested: false };
    const result = await generate(
      model,
      expected.prompt,
      { temperature: 0, maxNewTokens: 24 },
      // As a message would: not at once, but when the process next listens.
      () => setImmediate(() => (cancellation.isCancellationRequested = true)),
      cancellation,
    );
    assert.equal(result.finish, 'cancelled');
    assert.equal(result.tokens.length, 1);
  });

  it('stops where the model reads no further, and refuses a longer prompt', async () => {
    const result = await generate(model, expected.prompt, { temperature: 0, maxNewTokens: 100 });
    assert.equal(result.finish, 'context');
    // The last token comes out of a full context of 64.
    assert.equal(result.numPromptTokens + result.tokens.length, 65);
    await assert.rejects(generate(model, '😀'.repeat(40)), (error) => isScopeError(error, 'badRequest'));
  });

  it('starts an empty text with the begin token', async () => {
    const result = await generate(model, '', { temperature: 0, maxNewTokens: 2 });
    assert.equal(result.numPromptTokens, 1);
  });
});

describe('text out of tokens', () => {
  /** One token per byte, as byte-level vocabularies spell what they do not know. */
  const decode = (ids: readonly number[]): string => Buffer.from(ids).toString('utf8');

  it('waits for the last byte of a character', () => {
    const stream = new TokenStream(decode, [...Buffer.from('ab')]);
    const parts = [...Buffer.from('x😀é漢')].map((byte) => stream.push(byte));
    assert.deepEqual(parts, ['x', '', '', '', '😀', '', 'é', '', '', '漢']);
    assert.equal(stream.flush(), '');
  });

  it('gives what never became a character at the end', () => {
    const stream = new TokenStream(decode, []);
    assert.equal(stream.push(0xf0), '');
    assert.equal(stream.flush(), '\uFFFD');
  });

  it('keeps the space of SentencePiece between tokens and none before the first', () => {
    const pieces = ['▁Once', '▁upon', '▁', 'a'];
    const stream = new TokenStream(
      (ids) =>
        ids
          .map((id) => pieces[id])
          .join('')
          .replaceAll('▁', ' ')
          .replace(/^ /, ''),
      [],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((id) => stream.push(id)),
      ['Once', ' upon', ' ', 'a'],
    );
  });

  it('holds back what may begin a stop string', () => {
    const gate = new StopGate(['\n\n', 'END']);
    assert.deepEqual(
      ['a\n', 'b', 'E', 'N', 'x', 'E', 'ND', 'more'].map((text) => gate.push(text)),
      ['a', '\nb', '', '', 'ENx', '', '', ''],
    );
    assert.equal(gate.stop, 'END');
    assert.equal(gate.flush(), '');
  });

  it('gives what was held back when the text ends', () => {
    const gate = new StopGate(['END']);
    assert.equal(gate.push('the EN'), 'the ');
    assert.equal(gate.flush(), 'EN');
  });
});
