import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type InputTensor,
  type OutputTensor,
  configureRuntime,
  createSession,
} from '../../src/inference/runtime';
import type { AttentionBlock, Operand } from '../../src/onnx/attentionBlock';
import { findAttention } from '../../src/onnx/findAttention';
import { ElementType } from '../../src/onnx/graph';
import { parseModel } from '../../src/onnx/parse';
import { type Tap, tapModel } from '../../src/onnx/tapModel';
import { type GraphCase, decodeFloats, graphCases } from '../fixtures/graphCases';

const everything: ReadonlySet<Tap> = new Set<Tap>(['probabilities', 'scores', 'qkv', 'hidden']);
/** Of these, scores are scale · Q·Kᵀ plus a mask, and nothing else. */
const plainFamilies = [
  'bert',
  'distilbert',
  'roberta',
  'gpt2',
  'llama',
  'qwen2',
  'qwen3',
  'vit',
  'clip',
  'phi',
  'fused-gqa-packed',
];

describe('every tap of a graph', () => {
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );

  for (const fixture of graphCases()) {
    it(`${fixture.name}: softmax of the scores is P, and Q·Kᵀ leads to the scores`, async () => {
      const { blocks, results } = await runAll(fixture);
      for (const block of blocks) {
        const probabilities = results.get(block.probabilities) as OutputTensor;
        const [expected] = fixture.stacks;
        if (fixture.family.startsWith('fused') && expected) {
          const wanted = decodeFloats(expected.attentions.data);
          closeTo(probabilities.data, wanted, fixture.tolerance, 'probabilities beside scores');
        }
        assert.ok(block.scores, 'the scores are found');
        const scores = results.get(block.scores) as OutputTensor;
        // float16 graphs compute their softmax in float16, whose step near 1 is 2⁻¹¹.
        const tolerance = fixture.name.endsWith('-half') ? 2 ** -11 : 1e-5;
        closeTo(softmaxRows(scores), probabilities.data, tolerance, 'softmax of the scores');
        checkProduct(fixture, block, results, scores);
        if (!fixture.family.startsWith('fused')) {
          assert.ok(block.hidden, 'the hidden state is found');
          const hidden = results.get(block.hidden) as OutputTensor;
          const rows = hidden.dims.slice(0, -1).reduce((product, dim) => product * dim, 1);
          assert.equal(rows % (probabilities.dims.at(-2) as number), 0, 'one row per query');
        }
      }
    });
  }

  it('tells encoder, decoder and cross attention apart', () => {
    for (const fixture of graphCases().filter((each) => each.stacks.length === 3)) {
      const kinds = findAttention(parseModel(new Uint8Array(readFileSync(fixture.file)))).map(
        (each) => each.kind,
      );
      const count = (kind: string): number => kinds.filter((each) => each === kind).length;
      assert.deepEqual(
        [count('encoderSelf'), count('decoderSelf'), count('cross'), count('self')],
        [fixture.numLayers, fixture.numLayers, fixture.numLayers, 0],
        fixture.name,
      );
    }
  });
});

async function runAll(
  fixture: GraphCase,
): Promise<{ blocks: readonly AttentionBlock[]; results: Map<string, OutputTensor> }> {
  const file = new Uint8Array(readFileSync(fixture.file));
  const { blocks, bytes, graph } = tapModel(file, file.length, everything);
  const session = await createSession(bytes);
  const given = new Set(graph.inputs.map((input) => input.name));
  const names = blocks.flatMap(({ probabilities, scores, queries, keys, values, hidden }) => [
    ...[probabilities, scores, queries?.tensor, keys?.tensor, values?.tensor, hidden],
  ]);
  const wanted = [...new Set(names)].filter((name) => name !== undefined && !given.has(name)) as string[];
  const results = await session.run(feedsOf(fixture), wanted);
  await session.release();
  return { blocks, results };
}

function feedsOf(fixture: GraphCase): Map<string, InputTensor> {
  const entries = Object.entries(fixture.inputs).map(
    ([name, { type, dims, data }]): [string, InputTensor] => [
      name,
      type === 'int64'
        ? { elementType: ElementType.int64, data: BigInt64Array.from(data, BigInt), dims }
        : type === 'bool'
          ? { elementType: ElementType.bool, data: Uint8Array.from(data), dims }
          : { elementType: ElementType.float32, data: Float32Array.from(data), dims },
    ],
  );
  return new Map(entries);
}

/** Where nothing is masked, scores are one multiple of Q·Kᵀ. */
function checkProduct(
  fixture: GraphCase,
  block: AttentionBlock,
  results: Map<string, OutputTensor>,
  scores: OutputTensor,
): void {
  const isPlain = plainFamilies.includes(fixture.family);
  const { queries, keys, values } = block;
  if (!queries || !keys || !values) {
    assert.ok(!isPlain, 'queries, keys and values are found');
    return;
  }
  if (!isPlain) {
    return;
  }
  const product = multiply(read(results, queries), read(results, keys));
  let squares = 0;
  let mixed = 0;
  const open = Array.from(product, (_, each) => Math.abs(scores.data[each] as number) < 1e4);
  product.forEach((value, each) => {
    if (open[each]) {
      squares += value * value;
      mixed += value * (scores.data[each] as number);
    }
  });
  const scale = mixed / squares;
  const rebuilt = product.map((value, each) => (open[each] ? value * scale : (scores.data[each] as number)));
  closeTo(
    softmaxRows({ dims: scores.dims, data: rebuilt }),
    softmaxRows(scores),
    2e-5,
    'softmax of scale · Q·Kᵀ',
  );
}

interface Heads {
  /** Rows of every head, head after head: `[heads, tokens, size]`. */
  readonly data: Float32Array;
  readonly numHeads: number;
  readonly numTokens: number;
  readonly size: number;
}

function read(results: Map<string, OutputTensor>, { tensor, layout }: Operand): Heads {
  const { data, dims } = results.get(tensor) as OutputTensor;
  assert.notEqual(layout, 'BSH', 'a plain graph splits its heads');
  const [third, fourth] = dims.slice(-2) as [number, number];
  const numHeads = data.length / (third * fourth);
  if (layout === 'BHSD') {
    return { data, numHeads, numTokens: third, size: fourth };
  }
  const turned = new Float32Array(data.length);
  for (let head = 0; head < numHeads; head++) {
    for (let row = 0; row < third; row++) {
      for (let column = 0; column < fourth; column++) {
        turned[(head * fourth + column) * third + row] = data[
          (head * third + row) * fourth + column
        ] as number;
      }
    }
  }
  return { data: turned, numHeads, numTokens: fourth, size: third };
}

function multiply(queries: Heads, keys: Heads): Float32Array {
  assert.equal(queries.size, keys.size);
  // Several query heads may share the keys of one.
  const share = queries.numHeads / keys.numHeads;
  const product = new Float32Array(queries.numHeads * queries.numTokens * keys.numTokens);
  let at = 0;
  for (let head = 0; head < queries.numHeads; head++) {
    for (let query = 0; query < queries.numTokens; query++) {
      for (let key = 0; key < keys.numTokens; key++, at++) {
        let sum = 0;
        for (let each = 0; each < keys.size; each++) {
          const q = queries.data[(head * queries.numTokens + query) * keys.size + each] as number;
          sum +=
            q * (keys.data[(Math.floor(head / share) * keys.numTokens + key) * keys.size + each] as number);
        }
        product[at] = sum;
      }
    }
  }
  return product;
}

function softmaxRows({ data, dims }: OutputTensor): Float32Array {
  const width = dims.at(-1) as number;
  const result = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += width) {
    const row = data.subarray(from, from + width);
    const top = Math.max(...row);
    const powers = row.map((value) => Math.exp(value - top));
    const sum = powers.reduce((total, value) => total + value, 0);
    powers.forEach((value, each) => (result[from + each] = value / sum));
  }
  return result;
}

function closeTo(got: Float32Array, wanted: Float32Array, tolerance: number, what: string): void {
  assert.equal(got.length, wanted.length, what);
  let worst = 0;
  got.forEach((value, each) => (worst = Math.max(worst, Math.abs(value - (wanted[each] as number)))));
  assert.ok(worst <= tolerance, `${what} is off by ${worst}`);
}
