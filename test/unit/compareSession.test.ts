import 'vscode-jsonrpc/node';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompareSession } from '../../src/panels/compareSession';
import { readStudy } from '../../src/prompts/studyFile';
import { type ComparePart, type CompareValues, compareParts, isMissing } from '../../src/protocol/compare';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';
import { languageFolder } from '../fixtures/language/models';

/** A whole comparison by the bundled models in the real inference process. */

const root = join(__dirname, '..', '..');
const comparedFolder = join(__dirname, '..', 'fixtures', 'compare');
const bundled = (id: string): { id: string; folder: string } => ({ id, folder: join(root, 'models', id) });
const [encoder, decoder, tuned] = ['scope-bert', 'scope-gpt', 'scope-gpt-instruct'].map(bundled) as [
  { id: string; folder: string },
  { id: string; folder: string },
  { id: string; folder: string },
];
const paragraph =
  'Once upon a time there was a little girl. She had a red ball. One day the ball rolled into the river.';

function typed(text: string): Parameters<CompareSession['compare']>[0]['text'] {
  return { text, wasCut: false, uri: '', offset: 0, name: 'x', startLine: 1, endLine: 1 };
}

describe('a comparison of two models', function () {
  this.timeout(120_000);
  let client: InferenceClient;
  let session: CompareSession;
  const streamed: string[] = [];
  before(() => {
    client = new InferenceClient(
      () =>
        forkWorker({
          script: join(root, 'dist', 'worker.js'),
          numThreads: 1,
          runtime: 'native',
          precision: 'int8',
          modelMegabytes: 200,
          onOutput: () => undefined,
        }),
      { phase: () => undefined, log: () => undefined },
    );
    session = new CompareSession({
      client,
      bundled: { encoder, decoder, tuned },
      sentiment: (language) => {
        const text = readFileSync(join(root, 'media', 'tasks', `sentiment-${language}.yaml`), 'utf8');
        return Promise.resolve(readStudy(text, 'sentiment').study.task);
      },
      describe: (error) => error.message,
      log: () => undefined,
      changed: () => undefined,
      streamed: (what) => streamed.push(what),
    });
  });
  after(() => {
    session.dispose();
    client.dispose();
  });

  function value<P extends ComparePart>(part: P): CompareValues[P] {
    const state = session.parts[part];
    assert.equal(state.state, 'done', `${part}: ${JSON.stringify(state).slice(0, 300)}`);
    return (state as { value: CompareValues[P] }).value;
  }
  function present<T>(maybe: T): Exclude<T, { missing: unknown }> {
    assert.ok(!isMissing(maybe), JSON.stringify(maybe));
    return maybe as Exclude<T, { missing: unknown }>;
  }

  it('measures every part', async () => {
    await session.compare({
      text: typed(paragraph),
      models: { left: encoder, right: decoder },
      others: [],
    });
    assert.equal(session.busy, false);
    for (const part of compareParts) {
      assert.equal(session.parts[part].state, 'done', part);
    }
    const reading = value('reading');
    const [left, right] = [present(reading.left), present(reading.right)];
    assert.deepEqual([left.causal, right.causal], [false, true]);
    assert.equal(reading.words.map(({ text }) => text).join(' '), paragraph.replace(/([.])/g, ' $1'));
    reading.words.forEach((_, word) => {
      assert.ok(reading.wordOf.left.includes(word) && reading.wordOf.right.includes(word));
    });

    const cloze = value('cloze');
    const [both, past] = [present(cloze.left), present(cloze.right)];
    assert.deepEqual([both.context, past.context], ['both', 'left']);
    assert.equal(both.scores.length, reading.words.length);
    assert.ok(both.scores.every(({ bits }) => bits !== null && bits >= 0));

    const blank = present(value('blank'));
    assert.equal(reading.words[blank.word]?.text, 'girl');
    assert.equal(present(blank.left).head, 'masked');
    assert.equal(present(blank.right).head, 'causal');
    const inContext = present(blank.inContext);
    assert.ok(Math.abs(inContext.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9);
    assert.equal(inContext.filter(({ original }) => original).length, 1);

    const pretraining = value('pretraining');
    assert.equal(present(pretraining.causal).losses[0], null);
    assert.ok(present(pretraining.masked).chosen.length >= 3);
    const sentences = present(value('sentences'));
    assert.equal(sentences.sentences.length, 3);
    const { cosines, numLayers } = present(sentences.left);
    assert.equal(new Float32Array(cosines).length, numLayers * 9);

    const { left: encoderMade, right: decoderMade } = value('architecture');
    assert.deepEqual([present(encoderMade).kind, present(decoderMade).kind], ['encoder', 'decoder']);
    assert.ok(present(encoderMade).parameters.total > 1e6);

    const uses = value('uses');
    assert.deepEqual(
      uses.classified.slice(1).map((each) => present(each).numExamples),
      [0, 4],
    );
    assert.ok(present(uses.continued).text.length > 10);
    assert.equal(present(uses.forced).pieces.length, 8);
    assert.match(present(value('chat').tuned).text, /cold/);
    assert.ok(['continued', 'base', 'tuned'].every((what) => streamed.includes(what)));
  });

  it('asks for another word, masks anew, and keeps the rest', async () => {
    const before = value('pretraining');
    const cloze = session.parts.cloze;
    const word = value('reading').words.findIndex(({ text }) => text === 'ball');
    await session.askBlank(word);
    assert.equal(present(value('blank')).word, word);
    await session.maskAgain();
    const after = value('pretraining');
    assert.notEqual(present(after.masked).seed, present(before.masked).seed);
    assert.equal(after.causal, before.causal);
    assert.equal(session.parts.cloze, cloze);
  });

  it('reads again what left memory with its process', async () => {
    const before = value('reading');
    const wanted = [present(before.left), present(before.right)];
    const ask = (): Promise<Float32Array[]> =>
      Promise.all(
        wanted.map(async ({ runId }) => {
          const { weights } = await session.head({ runId, layer: 1, head: 2 });
          return new Float32Array(weights);
        }),
      );
    const heads = await ask();
    const cloze = session.parts.cloze;
    client.unload();
    assert.deepEqual(await ask(), heads);
    const after = value('reading');
    assert.notEqual(present(after.left).runId, wanted[0]?.runId);
    assert.equal(session.parts.cloze, cloze);
  });

  it('gives way to another text and can be stopped, with nothing left running', async () => {
    const request = { models: { left: encoder, right: decoder }, others: [] };
    const first = session.compare({ ...request, text: typed(paragraph) });
    const second = session.compare({ ...request, text: typed('小猫坐在垫子上。它睡着了。') });
    await Promise.all([first, second]);
    assert.equal(session.request?.text.text, '小猫坐在垫子上。它睡着了。');
    assert.equal(value('chat').prompt.startsWith('如果'), true);
    const third = session.compare({ ...request, text: typed(paragraph) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    session.stop();
    await third;
    assert.equal(session.busy, false);
    assert.ok(compareParts.some((part) => session.parts[part].state === 'waiting'));
    assert.ok(compareParts.every((part) => session.parts[part].state !== 'running'));
    await session.again('reading');
    assert.ok(compareParts.every((part) => session.parts[part].state === 'done'));
  });

  it('says what the wrong models, one sentence or no words leave out', async () => {
    const models = { left: decoder, right: encoder };
    await session.compare({ models, others: [], text: typed('The cat sat.') });
    const cloze = value('cloze');
    // Either model answers in either place: what is missing is a head, not a place.
    assert.deepEqual([present(cloze.left).context, present(cloze.right).context], ['left', 'both']);
    assert.deepEqual(value('sentences'), { missing: 'oneSentence' });
    assert.deepEqual(value('pretraining').nextSentence, { missing: 'oneSentence' });
    const { masked } = value('pretraining');
    assert.ok(isMissing(masked) && masked.missing === 'notMasked');
    const { continued } = value('uses');
    assert.ok(isMissing(continued) && continued.missing === 'notCausal');
    await session.compare({ models, others: [], text: typed('…') });
    assert.deepEqual(value('blank'), { missing: 'noWords' });
  });

  it('replaces words for an ELECTRA, again with another seed, and keeps the rest', async () => {
    const detector = { id: 'detector', folder: join(comparedFolder, 'detector') };
    const text = typed('the old man walked down to the river and the cat sat on the mat');
    for (const models of [
      { left: encoder, right: detector },
      // The bundled encoder draws the words where neither place has a masked language model.
      { left: detector, right: decoder },
    ]) {
      await session.compare({ models, others: [], text });
      const before = value('pretraining');
      const first = present(before.replaced);
      assert.deepEqual([first.model, first.generator, first.seed], ['detector', 'scope-bert', 1]);
      assert.equal(first.drawn.length, Math.round(0.15 * 15));
      assert.ok(first.original.probabilities.every((each) => each === null || (each > 0 && each < 1)));
      await session.replaceAgain();
      const after = value('pretraining');
      const second = present(after.replaced);
      assert.equal(second.seed, 2);
      assert.notDeepEqual(second.drawn, first.drawn);
      assert.deepEqual(second.original, first.original);
      assert.equal(after.masked, before.masked);
      await session.maskAgain();
      assert.equal(value('pretraining').replaced, after.replaced);
      const { replaceSeed } = session.askedAgain;
      assert.equal(replaceSeed, 2);
      await session.compare({ models, others: [], text }, session.askedAgain);
      assert.deepEqual(present(value('pretraining').replaced).drawn, second.drawn);
    }
    await session.compare({ models: { left: encoder, right: decoder }, others: [], text });
    assert.deepEqual(value('pretraining').replaced, { missing: 'noHead' });
  });

  it('tells how far a student agrees with its teacher, and that other vocabularies cannot be compared', async () => {
    const teacher = { id: 'teacher', folder: join(languageFolder, 'masked') };
    const student = { id: 'student', folder: join(comparedFolder, 'student') };
    const text = typed('The cat sat on the old mat.');
    await session.compare({ models: { left: teacher, right: student }, others: [], text });
    const cloze = value('cloze');
    assert.ok(cloze.agreement);
    const agreement = present(cloze.agreement);
    assert.ok(agreement.vocabulary === 'same');
    assert.equal(agreement.vocabularySize, 22);
    assert.deepEqual(
      agreement.divergences.map((each) => each !== null),
      cloze.words.map(({ counts }) => counts),
    );
    await session.compare({ models: { left: encoder, right: student }, others: [], text });
    const { agreement: other } = value('cloze');
    assert.ok(other && !isMissing(other) && other.vocabulary === 'different');
    assert.equal(other.sizes.right, 22);
    await session.compare({ models: { left: encoder, right: decoder }, others: [], text });
    assert.equal(value('cloze').agreement, undefined);
  });

  it('goes on where a model cannot be read or the process dies', async () => {
    const broken = { id: 'broken', folder: join(languageFolder, 'no-such-folder') };
    await session.compare({ models: { left: encoder, right: broken }, others: [], text: typed(paragraph) });
    const { right, left } = value('reading');
    assert.ok(isMissing(right) && right.missing === 'failed');
    assert.ok(!isMissing(left));
    assert.ok(!isMissing(value('cloze').left));
    const request = { models: { left: encoder, right: decoder }, others: [], text: typed(paragraph) };
    const running = session.compare(request);
    await new Promise((resolve) => setTimeout(resolve, 100));
    client.unload();
    await running;
    assert.ok(compareParts.every((part) => ['done', 'failed'].includes(session.parts[part].state)));
    await session.compare(request);
    assert.ok(compareParts.every((part) => session.parts[part].state === 'done'));
  });

  it('cuts a text that is longer than one of the models reads', async () => {
    const long = `${paragraph} `.repeat(60);
    await session.compare({ models: { left: encoder, right: decoder }, others: [], text: typed(long) });
    const { words, left, right } = value('reading');
    const end = words.at(-1)?.end ?? 0;
    assert.ok(end <= Math.min(present(left).covered.end, present(right).covered.end));
    assert.ok(!isMissing(value('cloze').left) && !isMissing(value('cloze').right));
  });
});
