import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { graphNames } from '../../src/protocol/graphNames';
import { readGraphFile } from '../../src/inference/modelFolder';
import { LanguageModel } from '../../src/inference/languageModel';
import {
  type OutputTensor,
  type Session,
  configureRuntime,
  createSession,
} from '../../src/inference/runtime';
import { Tokenizer } from '../../src/inference/tokenizer';
import { ElementType } from '../../src/onnx/graph';
import { runBert } from '../../src/scratch/bert';
import { runGpt2 } from '../../src/scratch/gpt2';
import { type Marian, decodeMarian, encodeMarian } from '../../src/scratch/marian';
import { type Matrix, matrix, rowOf } from '../../src/scratch/matrix';
import { sinusoidalPositions } from '../../src/scratch/sinusoidalPositions';
import {
  type Packed,
  assertClose,
  matrixOf,
  numbersOf,
  readFixture,
  slicesOf,
} from '../fixtures/scratch/fixtures';
import { folderOf, scopeBert, scopeGpt, scopeSeq2seq } from '../fixtures/scratch/models';

interface TextCase {
  readonly text: string;
  readonly ids: readonly number[];
  readonly hidden: Packed;
  /** Of every so-many-th token of the vocabulary. */
  readonly logits: Packed;
  readonly lastAttention: Packed;
}

interface BertCase extends TextCase {
  readonly pair?: string;
  readonly sentences: readonly number[];
  readonly nextSentence: Packed;
}

interface TranslationCase {
  readonly text: string;
  readonly sourceIds: readonly number[];
  readonly targetIds: readonly number[];
  readonly memory: Packed;
  readonly hidden: Packed;
  readonly logits: Packed;
  readonly crossAttention: Packed;
  readonly translation: string;
}

interface Models {
  readonly every: number;
  readonly bert: readonly BertCase[];
  readonly gpt: readonly TextCase[];
  readonly seq2seq: readonly TranslationCase[];
}

const fixture = readFixture<Models>('models');

/**
 * The bundled models, from text to logits by the code from scratch: against PyTorch with the weights of the same file,
 * and against ONNX Runtime running that file.
 */
describe('models from scratch', function () {
  this.timeout(120_000);
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );

  describe('scope-bert', () => {
    const bert = scopeBert();

    it('computes what PyTorch computes, to 1e-4: layers, logits, next sentence', () => {
      for (const { text, ids, sentences, hidden, logits, nextSentence, lastAttention } of fixture.bert) {
        const run = runBert(bert, { ids, sentences, keepSteps: true });
        assertClose(run.hidden, matrixOf(hidden), 1e-4, text);
        assertClose(everyColumn(run.logits!, fixture.every), numbersOf(logits), 1e-4, text);
        assertClose(run.nextSentence!, matrixOf(nextSentence), 1e-4, text);
        assert.equal(run.blocks.length, 4);
        slicesOf(lastAttention).forEach((weights, head) =>
          assertClose(run.blocks[3]!.attention.inner.heads[head]!.weights, weights, 1e-5, text),
        );
        assert.deepEqual(runBert(bert, { ids }).blocks, []);
      }
    });

    it('computes what ONNX Runtime computes, from text to logits, to 1e-4', async () => {
      const model = await LanguageModel.load(folderOf('scope-bert'));
      for (const { text, ids, pair } of fixture.bert) {
        if (pair === undefined) {
          assert.deepEqual(tokensOf(model.tokenizer, text), ids);
          const run = runBert(bert, { ids: tokensOf(model.tokenizer, text) });
          assertClose(run.logits!, (await model.logits(ids)).data, 1e-4, text);
        }
      }
      await model.release();
    });

    it('leaves out what a padding mask hides', () => {
      const { ids } = fixture.bert[0]!;
      const plain = runBert(bert, { ids });
      const padded = [...ids, 0, 0];
      const mask = matrix(padded.length, padded.length);
      for (let query = 0; query < padded.length; query++) {
        rowOf(mask, query).fill(-Infinity, ids.length);
      }
      const run = runBert(bert, { ids: padded, mask });
      ids.forEach((_, at) => assertClose(rowOf(run.hidden, at), rowOf(plain.hidden, at), 1e-5));
    });

    it('refuses a text longer than its positions, and a token that it does not have', () => {
      assert.throws(() => runBert(bert, { ids: new Array<number>(257).fill(5) }), /no row 256/);
      assert.throws(() => runBert(bert, { ids: [8000] }), /no row 8000/);
    });
  });

  describe('scope-gpt', () => {
    const gpt = scopeGpt();

    it('computes what PyTorch computes with the weights of the int8 file, to 1e-4', () => {
      for (const { text, ids, hidden, logits, lastAttention } of fixture.gpt) {
        const run = runGpt2(gpt, { ids, keepSteps: true });
        assertClose(run.hidden, matrixOf(hidden), 1e-4, text);
        assertClose(everyColumn(run.logits, fixture.every), numbersOf(logits), 1e-4, text);
        slicesOf(lastAttention).forEach((weights, head) =>
          assertClose(run.blocks[3]!.selfAttention.inner.heads[head]!.weights, weights, 1e-5, text),
        );
      }
    });

    /**
     * The file also rounds what each of its matrices reads to 8 bits, anew for every run: in steps of 1/255 of the range
     * of those numbers. Over four layers that moves single logits, which lie between −15 and 15, by up to 0.32 on these
     * texts. So this comparison cannot be closer; the one with PyTorch above is.
     */
    it('says what ONNX Runtime says, but for its rounding of activations to 8 bits', async () => {
      const model = await LanguageModel.load(folderOf('scope-gpt'), graphNames('int8'));
      for (const { text, ids } of fixture.gpt) {
        assert.deepEqual(tokensOf(model.tokenizer, text), ids);
        const { logits } = runGpt2(gpt, { ids });
        const { data, width } = await model.logits(ids);
        assertClose(logits, data, 0.5, text);
        ids.forEach((_, at) => {
          const own = data.subarray(at * width, (at + 1) * width);
          assert.equal(best(rowOf(logits, at)), best(own), text);
          assert.ok(correlation(rowOf(logits, at), own) > 0.999, text);
        });
      }
      await model.release();
    });

    it('does not know the future: a later token changes nothing before it', () => {
      const { ids } = fixture.gpt[0]!;
      const shorter = runGpt2(gpt, { ids: ids.slice(0, 4) });
      const longer = runGpt2(gpt, { ids });
      for (let at = 0; at < 4; at++) {
        assertClose(rowOf(longer.logits, at), rowOf(shorter.logits, at), 1e-6);
      }
    });
  });

  describe('scope-seq2seq', () => {
    const marian = scopeSeq2seq();

    it('computes what PyTorch computes, to 1e-4: encoder, decoder, cross attention', () => {
      for (const { text, sourceIds, targetIds, memory, hidden, logits, crossAttention } of fixture.seq2seq) {
        const encoded = encodeMarian(marian, sourceIds);
        assertClose(encoded.memory, matrixOf(memory), 1e-4, text);
        const run = decodeMarian(marian, encoded.memory, targetIds, true);
        assertClose(run.hidden, matrixOf(hidden), 1e-4, text);
        assertClose(run.logits, matrixOf(logits), 1e-4, text);
        slicesOf(crossAttention).forEach((weights, head) =>
          assertClose(run.blocks.at(-1)!.crossAttention!.inner.heads[head]!.weights, weights, 1e-5, text),
        );
      }
    });

    it('computes what ONNX Runtime computes, from text to logits, to 1e-4', async () => {
      const tokenizer = await Tokenizer.load(folderOf('scope-seq2seq'));
      const [encoder, decoder] = [await sessionOf('encoder_model'), await sessionOf('decoder_model')];
      for (const { text, sourceIds, targetIds } of fixture.seq2seq) {
        const ids = tokensOf(tokenizer, text);
        assert.deepEqual(ids, sourceIds);
        const mask = integers(ids.map(() => 1));
        const states = await only(
          encoder,
          { input_ids: integers(ids), attention_mask: mask },
          'last_hidden_state',
        );
        const { memory } = encodeMarian(marian, ids);
        assertClose(memory, states.data, 1e-4, text);
        const logits = await only(
          decoder,
          {
            input_ids: integers(targetIds),
            encoder_attention_mask: mask,
            encoder_hidden_states: {
              elementType: ElementType.float32,
              data: states.data,
              dims: [...states.dims],
            },
          },
          'logits',
        );
        assertClose(decodeMarian(marian, memory, targetIds).logits, logits.data, 1e-4, text);
      }
      await Promise.all([encoder.release(), decoder.release()]);
    });

    it('translates, and so it does with the weights of the int8 files', async () => {
      const tokenizer = await Tokenizer.load(folderOf('scope-seq2seq'));
      const rounded = scopeSeq2seq('encoder_model_quantized.onnx', 'decoder_model_merged_quantized.onnx');
      for (const { text, translation } of fixture.seq2seq) {
        for (const each of [marian, rounded]) {
          assert.equal(tokenizer.decode(translate(each, tokensOf(tokenizer, text))), translation);
        }
      }
    });

    it('stores the very sines and cosines of the paper', () => {
      const { positions } = marian.source;
      assertClose(sinusoidalPositions(positions.rows, positions.columns, 'halves'), positions, 1e-6);
    });
  });
});

function everyColumn(m: Matrix, step: number): Float32Array {
  return m.data.filter((_, at) => (at % m.columns) % step === 0);
}

function tokensOf(tokenizer: Tokenizer, text: string): number[] {
  return tokenizer.tokenize(text, 256).tokens.map(({ id }) => id);
}

/** Greedy: the likeliest token each time, until the end of the sentence. */
function translate(marian: Marian, sourceIds: readonly number[]): number[] {
  const [start, end] = [0, 1];
  const { memory } = encodeMarian(marian, sourceIds);
  const ids = [start];
  while (ids.length < 60 && ids.at(-1) !== end) {
    const { logits } = decodeMarian(marian, memory, ids);
    ids.push(best(rowOf(logits, ids.length - 1)));
  }
  return ids;
}

function best(row: Float32Array): number {
  return row.indexOf(row.reduce((most, value) => Math.max(most, value), -Infinity));
}

async function sessionOf(name: string): Promise<Session> {
  const file = await readGraphFile(folderOf('scope-seq2seq'), [`onnx/${name}.onnx`]);
  return createSession(file.bytes.subarray(0, file.length));
}

type Feed = Parameters<Session['run']>[0] extends ReadonlyMap<string, infer Input> ? Input : never;

async function only(session: Session, feeds: Record<string, Feed>, output: string): Promise<OutputTensor> {
  return (await session.run(new Map(Object.entries(feeds)), [output])).get(output)!;
}

function integers(values: readonly number[]): Feed {
  return {
    elementType: ElementType.int64,
    data: BigInt64Array.from(values, BigInt),
    dims: [1, values.length],
  };
}

/** Pearson's. */
function correlation(one: Float32Array, other: Float32Array): number {
  const centred = [one, other].map((row) => {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    return Float64Array.from(row, (value) => value - mean);
  }) as [Float64Array, Float64Array];
  const dot = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(...centred) / Math.sqrt(dot(centred[0], centred[0]) * dot(centred[1], centred[1]));
}
