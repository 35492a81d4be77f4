import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNumbers } from '../../src/onnx/readNumbers';
import { readWeights } from '../../src/onnx/readWeights';
import { bytesField, concat, floatField, textField, varintField } from '../../src/onnx/wire';
import { isScopeError } from '../../src/protocol/errors';
import { runBert } from '../../src/scratch/bert';
import { runGpt2 } from '../../src/scratch/gpt2';
import { loadBert } from '../../src/scratch/loadBert';
import { loadGpt2 } from '../../src/scratch/loadGpt2';
import { loadMarian } from '../../src/scratch/loadMarian';
import { decodeMarian, encodeMarian } from '../../src/scratch/marian';
import { type Matrix, matrix, rowOf } from '../../src/scratch/matrix';
import { paddingMask } from '../../src/scratch/masks';
import { readModelWeights } from '../../src/scratch/readModelWeights';
import { type GraphCase, decodeFloats, graphCases } from '../fixtures/graphCases';
import type { QuantisedCases } from '../fixtures/quantised/cases';
import { assertClose } from '../fixtures/scratch/fixtures';

const bertConfig = { model_type: 'bert', num_hidden_layers: 2, num_attention_heads: 4 };
const gptConfig = { model_type: 'gpt2', n_layer: 2, n_head: 4 };
const marianConfig = {
  model_type: 'marian',
  encoder_layers: 2,
  encoder_attention_heads: 4,
  decoder_layers: 2,
  decoder_attention_heads: 4,
};
const quantisedFolder = join(__dirname, '..', 'fixtures', 'quantised');
const quantised = JSON.parse(readFileSync(join(quantisedFolder, 'expected.json'), 'utf8')) as QuantisedCases;

/** Graphs of both PyTorch exporters, opsets 12 to 23, whose attention PyTorch computed. */
describe('weights out of a graph, for the models from scratch', function () {
  this.timeout(60_000);
  const cases = graphCases();

  for (const graph of cases.filter(({ family }) => family === 'bert')) {
    it(`${graph.name} attends as in PyTorch`, () => {
      const bert = loadBert(readModelWeights(readFileSync(graph.file)), bertConfig);
      assert.ok(bert.maskedHead);
      rowsOf(graph, 'input_ids').forEach((ids, entry) => {
        const length = graph.realLengths?.[entry] ?? ids.length;
        const run = runBert(bert, {
          ids,
          sentences: rowsOf(graph, 'token_type_ids')[entry]!,
          mask: paddingMask(
            ids.length,
            ids.map((_, at) => at < length),
          ),
          keepSteps: true,
        });
        const heads = run.blocks.map(({ attention }) => attention.inner.heads.map(({ weights }) => weights));
        assertStack(graph, 'attentions', entry, heads, length);
      });
    });
  }

  for (const graph of cases.filter(({ name }) => /^gpt2-/.test(name))) {
    it(`${graph.name} attends as in PyTorch`, () => {
      const gpt = loadGpt2(readModelWeights(readFileSync(graph.file)), gptConfig);
      // Padding stands at the end, where the causal mask hides it from the tokens of the text.
      rowsOf(graph, 'input_ids').forEach((ids, entry) => {
        const run = runGpt2(gpt, { ids, keepSteps: true });
        const heads = run.blocks.map(({ selfAttention }) =>
          selfAttention.inner.heads.map(({ weights }) => weights),
        );
        assertStack(graph, 'attentions', entry, heads, graph.realLengths?.[entry] ?? ids.length);
      });
    });
  }

  for (const graph of cases.filter(({ family }) => family === 'marian')) {
    it(`${graph.name} attends as in PyTorch: encoder, decoder, cross`, () => {
      const weights = readModelWeights(readFileSync(graph.file));
      const marian = loadMarian(weights, weights, marianConfig);
      const [[source = []], [target = []]] = [
        rowsOf(graph, 'input_ids'),
        rowsOf(graph, 'decoder_input_ids'),
      ] as [number[][], number[][]];
      const { memory, blocks } = encodeMarian(marian, source, true);
      const run = decodeMarian(marian, memory, target, true);
      const stacks = {
        encoderAttentions: blocks.map(({ attention }) => attention),
        decoderAttentions: run.blocks.map(({ selfAttention }) => selfAttention),
        crossAttentions: run.blocks.map(({ crossAttention }) => crossAttention!),
      };
      for (const [name, layers] of Object.entries(stacks)) {
        const heads = layers.map(({ inner }) => inner.heads.map(({ weights: each }) => each));
        assertStack(graph, name, 0, heads, heads[0]![0]!.rows);
      }
    });
  }

  for (const { name, form, ids, full, dims } of quantised.attention.filter(({ name: each }) =>
    /^(bert|gpt2)-(int8|fp16|q4)$/.test(each),
  )) {
    it(`${name}: the weights before rounding come back but for the rounding`, () => {
      const weights = readModelWeights(readFileSync(join(quantisedFolder, `${name}.onnx`)));
      const layers = name.startsWith('bert')
        ? runBert(loadBert(weights, bertConfig), { ids: ids!, keepSteps: true }).blocks.map(
            ({ attention }) => attention.inner,
          )
        : runGpt2(loadGpt2(weights, gptConfig), { ids: ids!, keepSteps: true }).blocks.map(
            ({ selfAttention }) => selfAttention.inner,
          );
      const found = layers.flatMap(({ heads }) => heads.flatMap((head) => [...head.weights.data]));
      assert.equal(
        found.length,
        dims.reduce((product, dim) => product * dim, 1),
      );
      // Weights in 4 bits are off by up to 1/14 of their block’s largest, in 8 by 1/254, in 16 by 1/2048 of themselves.
      const near: Readonly<Record<string, number>> = { q4: 0.3, int8: 0.03, fp16: 1e-3 };
      assertClose(Float32Array.from(found), decodeFloats(full), near[form] ?? 0, name);
    });
  }

  it('refuses what it does not read, with the reason', () => {
    const gpt = cases.find(({ name }) => name === 'gpt2-legacy17')!;
    const weights = readModelWeights(readFileSync(gpt.file));
    assert.throws(() => loadBert(weights, bertConfig), unsupported(/embeddings/));
    assert.throws(() => loadBert(weights, gptConfig), unsupported(/“gpt2”, not “bert”/));
    assert.throws(() => loadGpt2(weights, { ...gptConfig, n_head: 'four' }), unsupported(/n_head/));
    assert.throws(
      () => loadGpt2(weights, { ...gptConfig, activation_function: 'mish' }),
      unsupported(/mish/),
    );
    const inverse = { ...gptConfig, scale_attn_by_inverse_layer_idx: true };
    assert.throws(() => loadGpt2(weights, inverse), unsupported(/inverse/));
  });

  it('reads numbers that are written as lists, and 16-bit floats', () => {
    const tensor = (type: number, size: number, ...fields: Uint8Array[]): Uint8Array =>
      concat([varintField(1, size), varintField(2, type), textField(8, `t${type}`), ...fields]);
    const file = bytesField(
      7,
      concat(
        [
          tensor(1, 2, floatField(4, 0.5), floatField(4, -2)),
          tensor(3, 2, varintField(5, -7), varintField(5, 8)),
          tensor(10, 2, bytesField(9, Uint8Array.of(0x00, 0x3c, 0x00, 0xc0))),
          tensor(16, 1, bytesField(9, Uint8Array.of(0xc0, 0x3f))),
          tensor(2, 3, bytesField(9, Uint8Array.of(0, 128, 255))),
        ].map((each) => bytesField(5, each)),
      ),
    );
    const stored = readWeights(file);
    const numbers = (type: number): number[] => [...(readNumbers(file, stored.get(`t${type}`)!) ?? [])];
    assert.deepEqual(numbers(1), [0.5, -2]);
    assert.deepEqual(numbers(3), [-7, 8]);
    assert.deepEqual(numbers(10), [1, -2]);
    assert.deepEqual(numbers(16), [1.5]);
    assert.deepEqual(numbers(2), [0, 128, 255]);
    assert.equal(readNumbers(file, { name: 'beside', elementType: 1, dims: [2] }), undefined);
  });
});

/** An input of a case as its rows. */
function rowsOf({ inputs }: GraphCase, name: string): number[][] {
  const { dims, data } = inputs[name]!;
  const [batch = 0, length = 0] = dims;
  return Array.from({ length: batch }, (_, at) => data.slice(at * length, (at + 1) * length));
}

/** One entry of the batch, without the queries that are padding. */
function assertStack(
  graph: GraphCase,
  stack: string,
  entry: number,
  layers: readonly (readonly Matrix[])[],
  numReal: number,
): void {
  const { dims, data } = graph.stacks.find(({ name }) => name === stack)!.attentions;
  const [numLayers = 0, batch = 0, numHeads = 0, queries = 0, keys = 0] = dims;
  const expected = matrix(numLayers * batch * numHeads * queries, keys, decodeFloats(data));
  assert.equal(layers.length, numLayers);
  layers.forEach((heads, layer) => {
    assert.equal(heads.length, numHeads);
    heads.forEach((weights, head) => {
      for (let query = 0; query < numReal; query++) {
        const row = ((layer * batch + entry) * numHeads + head) * queries + query;
        assertClose(
          rowOf(weights, query),
          rowOf(expected, row),
          graph.tolerance,
          `${stack} ${layer}.${head}`,
        );
      }
    });
  });
}

function unsupported(detail: RegExp): (error: unknown) => boolean {
  return (error) => isScopeError(error, 'modelUnsupported') && detail.test(error.detail ?? '');
}
