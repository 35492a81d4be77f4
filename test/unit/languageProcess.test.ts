import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isScopeError } from '../../src/protocol/errors';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import * as language from '../../src/protocol/language';
import type { ModelSource } from '../../src/protocol/model';
import type { InferenceClient } from '../../src/worker/client';
import { assertClose, languageFolder, readExpected } from '../fixtures/language/models';
import { startClient } from './startClient';

/** What the inference process answers over its wire, against PyTorch on the same weights. */

const root = join(__dirname, '..', '..');
const bert = { id: 'scope-bert', folder: join(root, 'models', 'scope-bert') };
const owner = 'test';

function fixture(name: string): { model: ModelSource; owner: string } {
  return { model: { id: name, folder: join(languageFolder, name) }, owner };
}

describe('the inference process on language', function () {
  this.timeout(60_000);
  let client: InferenceClient;
  before(() => {
    client = startClient('native');
  });
  after(() => client.dispose());

  it('tokenises without a limit', async () => {
    const { text, ids } = readExpected<{ text: string; ids: number[] }>('masked');
    const { tokens, totalTokens } = await client.request(language.Tokenize, { ...fixture('masked'), text });
    assert.deepEqual(
      tokens.map((token) => token.id),
      ids,
    );
    assert.equal(totalTokens, ids.length);
    const long = await client.request(language.Tokenize, {
      ...fixture('masked'),
      text: `${text} `.repeat(500),
    });
    assert.ok(long.totalTokens > 2000 && long.tokens.length === long.totalTokens);
  });

  it('fills masks', async () => {
    const expected = readExpected<{
      maskedText: string;
      masks: { position: number; top3: { id: number; probability: number }[] }[];
    }>('masked');
    const filled = await client.request(language.FillMask, {
      ...fixture('masked'),
      text: expected.maskedText,
      topK: 3,
    });
    assert.equal(filled.length, expected.masks.length);
    filled.forEach((mask, index) => {
      const wanted = expected.masks[index]!;
      assert.equal(mask.position, wanted.position);
      mask.candidates.forEach(({ id, probability }, place) => {
        assert.equal(id, wanted.top3[place]!.id);
        assertClose(probability, wanted.top3[place]!.probability, 1e-5);
      });
    });
  });

  it('predicts the next token', async () => {
    const expected = readExpected<{ prompt: string; top5: { id: number; probability: number }[] }>('causal');
    const candidates = await client.request(language.NextToken, {
      ...fixture('causal'),
      text: expected.prompt,
      topK: 5,
    });
    candidates.forEach(({ id, probability }, index) => {
      assert.equal(id, expected.top5[index]!.id);
      assertClose(probability, expected.top5[index]!.probability, 1e-5);
    });
    const predicted = await client.request(language.Predict, {
      ...fixture('causal'),
      before: expected.prompt,
      after: ' and this is not read',
      topK: 5,
    });
    assert.equal(predicted.head, 'causal');
    assert.deepEqual(
      predicted.candidates.map((each) => each.id),
      expected.top5.map((each) => each.id),
    );
  });

  it('predicts at a place of a text as it fills a mask there', async () => {
    interface GoldenCase {
      readonly text: string;
      readonly maskedTop5: readonly { token: string; id: number; probability: number }[] | null;
    }
    const cases = JSON.parse(
      readFileSync(join(root, 'test', 'fixtures', 'scopeBert', 'golden.json'), 'utf8'),
    ) as GoldenCase[];
    const masked = cases.filter((each) => each.maskedTop5 !== null);
    assert.ok(masked.length >= 2);
    for (const { text, maskedTop5 } of masked) {
      const [before = '', after = ''] = text.split('[MASK]');
      const { head, candidates } = await client.request(language.Predict, {
        model: bert,
        owner,
        before,
        after,
        topK: 5,
      });
      assert.equal(head, 'masked');
      candidates.forEach(({ id, probability, text: insert }, index) => {
        const wanted = maskedTop5![index]!;
        assert.equal(id, wanted.id);
        assertClose(probability, wanted.probability, 1e-4);
        assert.equal(insert.trim(), wanted.token.replace(/^##/, ''));
      });
    }
  });

  it('gives a word the space that it lacks, and reads only what fits of a long document', async () => {
    const predict = async (before: string, after: string): Promise<language.Prediction> =>
      client.request(language.Predict, { model: bert, owner, before, after, topK: 5 });
    const near = await predict('The cat sat on the', '.');
    assert.ok(
      near.candidates.every((each) => /^( |$|[^\p{L}\p{N}])/u.test(each.text) || each.piece.startsWith('##')),
    );
    const far = await predict(`${'word '.repeat(20_000)}The cat sat on the `, `. ${'word '.repeat(20_000)}`);
    assert.equal(far.candidates.length, 5);
    assert.ok(far.candidates.every((each) => !each.text.startsWith(' ')));
    const chinese = await predict('今天天气很', '。');
    assert.ok(chinese.candidates.every((each) => each.text === each.text.trim()));
    // Neither runs into the word behind it, nor stands apart from the sign before it.
    const between = await predict('Once, ', 'cat sat on the mat.');
    assert.ok(between.candidates.every((each) => /[\p{L}\p{N}] $|^[^\p{L}\p{N}]+ ?$|^$/u.test(each.text)));
    const point = await predict('The cat sat on the mat', '');
    assert.ok(point.candidates.some((each) => each.text === '.'));
  });

  it('divides and counts texts by the tokenizer alone, also of an encoder-decoder, which it embeds too', async () => {
    const seq2seq = { id: 'scope-seq2seq', folder: join(root, 'models', 'scope-seq2seq') };
    const { maxTokens, totalTokens } = await client.request(language.Tokenize, {
      ...{ model: bert, owner, text: 'the cat' },
    });
    assert.deepEqual([maxTokens, totalTokens], [256, 4]);
    const counted = await client.request(language.CountTokens, {
      model: bert,
      owner,
      texts: ['the cat', '小猫'],
    });
    assert.deepEqual(counted, { numTokens: 4, maxTokens: 256 });
    const embedded = await client.request(language.Embed, { model: seq2seq, owner, text: 'The cat sat.' });
    assert.deepEqual([embedded.vector.byteLength, embedded.state], [4 * 128, 'beforeLastLayer']);
    const long = await client.request(language.Embed, { model: bert, owner, text: 'the cat '.repeat(300) });
    assert.deepEqual([long.numTokens, long.totalTokens], [256, 602]);
  });

  it('scores texts and continuations', async () => {
    const { prompt, logProbabilities } = readExpected<{ prompt: string; logProbabilities: number[] }>(
      'causal',
    );
    const sum = logProbabilities.reduce((total, value) => total + value, 0);
    const scored = await client.request(language.Score, { ...fixture('causal'), text: prompt });
    assertClose(scored.logLikelihood, sum, 1e-3);
    assert.equal(scored.scores[0], null);
    const continued = await client.request(language.ScoreContinuation, {
      ...fixture('causal'),
      prompt: prompt.slice(0, 4),
      continuation: prompt.slice(4),
    });
    assert.ok(continued.logLikelihood < 0 && continued.logLikelihood > sum - 20);
  });

  it('judges, classifies and embeds', async () => {
    const pair = readExpected<{ text: string; second: string; isNext: number }>('nextSentence');
    const next = await client.request(language.NextSentence, {
      ...fixture('nextSentence'),
      first: pair.text,
      second: pair.second,
    });
    assertClose(next.probability, pair.isNext, 1e-5);
    const classes = readExpected<{ text: string; probabilities: Record<string, number> }>('classifier');
    for (const { label, probability } of await client.request(language.Classify, {
      ...fixture('classifier'),
      text: classes.text,
    })) {
      assertClose(probability, classes.probabilities[label]!, 1e-5);
    }
    const encoder = readExpected<{ text: string; mean: number[] }>('encoder');
    const { vector, state } = await client.request(language.Embed, {
      ...fixture('encoder'),
      text: encoder.text,
    });
    new Float32Array(vector).forEach((value, index) => assertClose(value, encoder.mean[index]!, 1e-4));
    assert.equal(state, 'afterLastLayer');
  });

  it('streams a generation and stops within a token', async () => {
    const { prompt, greedy } = readExpected<{
      prompt: string;
      greedy: { ids: number[]; repetitionPenalty: number }[];
    }>('causal');
    const wanted = greedy.find((each) => each.repetitionPenalty === 1)!;
    const streamed: number[] = [];
    const options = { maxNewTokens: wanted.ids.length, temperature: 0 };
    const whole = await client.generate({ ...fixture('causal'), prompt, options }, (token) =>
      streamed.push(token.id),
    );
    assert.deepEqual(streamed, wanted.ids);
    assert.deepEqual(
      whole.tokens.map((token) => token.id),
      wanted.ids,
    );

    const source = new CancellationTokenSource();
    let seen = 0;
    const pending = client.generate(
      { ...fixture('causal'), prompt, options: { maxNewTokens: 40, temperature: 0 } },
      () => {
        if (++seen === 2) {
          source.cancel();
        }
      },
      source.token,
    );
    await assert.rejects(pending, (error) => isScopeError(error, 'cancelled'));
    assert.ok(seen <= 4, `${seen} tokens came`);
    const pid = client.processId;
    await client.request(language.Tokenize, { ...fixture('causal'), text: 'still there' });
    assert.equal(client.processId, pid);
  });

  it('says which models cannot do what was asked', async () => {
    await assert.rejects(
      client.request(language.FillMask, { ...fixture('causal'), text: 'a', topK: 3 }),
      (error) => isScopeError(error, 'modelUnsupported'),
    );
    await assert.rejects(
      client.generate({ ...fixture('masked'), prompt: 'a', options: {} }, () => undefined),
      (error) => isScopeError(error, 'modelUnsupported'),
    );
  });

  it('a newer request of an owner replaces only a waiting one of the same kind', async () => {
    const predict = (before: string): Promise<unknown> =>
      client.request(language.Predict, { model: bert, owner, before, after: '', topK: 1 });
    const options = { maxNewTokens: 40, temperature: 0 };
    const running = client.generate({ ...fixture('causal'), prompt: 'the', options }, () => undefined);
    const replaced = assert.rejects(predict('the dog'), (error) => isScopeError(error, 'cancelled'));
    const other = client.request(language.Tokenize, { model: bert, owner, text: 'a' });
    const last = predict('the bird');
    await Promise.all([running, replaced, other, last]);
  });
});
