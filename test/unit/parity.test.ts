import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findAttention } from '../../src/onnx/findAttention';
import { ElementType } from '../../src/onnx/graph';
import { parseModel } from '../../src/onnx/parse';
import { tapModel } from '../../src/onnx/tapModel';
import {
  type InputTensor,
  type OutputTensor,
  configureRuntime,
  createSession,
} from '../../src/inference/runtime';
import { type GraphCase, decodeFloats, graphCases } from '../fixtures/graphCases';

/** Attention out of tapped graphs against PyTorch's `output_attentions=True`, family by exporter. */
describe('attention of a tapped graph equals PyTorch', () => {
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );

  const cases = graphCases();
  it('has a fixture for every family and exporter that is promised', () => {
    for (const family of ['bert', 'distilbert', 'roberta', 'gpt2', 'llama']) {
      for (const form of ['legacy12', 'legacy14', 'legacy17', 'dynamo18', 'dynamo20']) {
        assert.ok(
          cases.some((each) => each.name.startsWith(`${family}-${form}`)),
          `${family}-${form}`,
        );
      }
    }
  });

  for (const fixture of cases) {
    it(fixture.name, async () => {
      const outputs = await runTapped(fixture);
      for (const stack of fixture.stacks) {
        compareStack(fixture, stack.attentions.dims, decodeFloats(stack.attentions.data), outputs);
      }
      const promised = fixture.stacks.reduce((sum, stack) => sum + (stack.attentions.dims[0] as number), 0);
      assert.equal(outputs.length, promised, 'as many blocks as layers');
    });
  }
});

async function runTapped(fixture: GraphCase): Promise<OutputTensor[]> {
  const file = new Uint8Array(readFileSync(fixture.file));
  const tapped = tapModel(file, file.length);
  const session = await createSession(tapped.bytes);
  const feeds = new Map<string, InputTensor>();
  for (const [name, { type, dims, data }] of Object.entries(fixture.inputs)) {
    feeds.set(
      name,
      type === 'int64'
        ? { elementType: ElementType.int64, data: BigInt64Array.from(data, BigInt), dims }
        : type === 'bool'
          ? { elementType: ElementType.bool, data: Uint8Array.from(data), dims }
          : { elementType: ElementType.float32, data: Float32Array.from(data), dims },
    );
  }
  const names = tapped.blocks.map((block) => block.probabilities);
  const results = await session.run(feeds, names);
  await session.release();
  return names.map((name) => results.get(name) as OutputTensor);
}

/**
 * Each expected layer must be one of the outputs, and the layers of one stack must come in order.
 * (An encoder-decoder's stacks interleave in its file; a single stack leaves no freedom.)
 */
function compareStack(
  fixture: GraphCase,
  dims: readonly number[],
  expected: Float32Array,
  outputs: readonly OutputTensor[],
): void {
  const [layers = 0, batch = 0, heads = 0, queries = 0, keys = 0] = dims;
  const size = batch * heads * queries * keys;
  let from = 0;
  for (let layer = 0; layer < layers; layer++) {
    const wanted = expected.subarray(layer * size, (layer + 1) * size);
    const errors = outputs.map((output) =>
      output.data.length === size
        ? worstError(fixture, wanted, output.data, [batch, heads, queries, keys])
        : Infinity,
    );
    const found = errors.findIndex((error, index) => index >= from && error <= fixture.tolerance);
    assert.notEqual(
      found,
      -1,
      `layer ${layer}: errors ${errors.map((error) => error.toExponential(1)).join(' ')}`,
    );
    if (fixture.stacks.length === 1) {
      assert.equal(found, layer, 'layers in order');
    }
    from = found + 1;
  }
}

function worstError(
  fixture: GraphCase,
  wanted: Float32Array,
  got: Float32Array,
  [batch, heads, queries, keys]: [number, number, number, number],
): number {
  let worst = 0;
  for (let b = 0; b < batch; b++) {
    const real = fixture.realLengths?.[b] ?? queries;
    for (let row = 0; row < heads * queries; row++) {
      if (row % queries >= real) {
        continue;
      }
      const offset = (b * heads * queries + row) * keys;
      for (let key = 0; key < keys; key++) {
        worst = Math.max(worst, Math.abs((wanted[offset + key] as number) - (got[offset + key] as number)));
      }
    }
  }
  return worst;
}

describe('a graph with a softmax that is no attention', () => {
  it('is not mistaken for one', () => {
    // A classifier's softmax has no product with computed values behind it.
    const bytes = new Uint8Array(readFileSync(graphCases()[0]!.file));
    const graph = parseModel(bytes);
    const withClassifier = {
      ...graph,
      nodes: [
        ...graph.nodes,
        { name: 'x', opType: 'Softmax', domain: '', inputs: ['logits'], outputs: ['p'] },
      ],
    };
    assert.equal(findAttention(withClassifier).length, findAttention(graph).length);
  });
});
