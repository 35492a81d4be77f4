import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { layerSteps } from '../../src/attention/layerSteps';
import { type LayerWiring, layerWirings } from '../../src/compare/layerWiring';
import { ModelGraph } from '../../src/compare/modelGraph';
import { rowTensors, rowsOf } from '../../src/inference/layerRows';
import { readLayerWeights } from '../../src/inference/layerWeights';
import {
  type InputTensor,
  type OutputTensor,
  configureRuntime,
  createSession,
} from '../../src/inference/runtime';
import { stackFeeds } from '../../src/inference/stackInput';
import { ElementType } from '../../src/onnx/graph';
import { tapModel } from '../../src/onnx/tapModel';
import type { LayerSteps, StepVector } from '../../src/protocol/layerSteps';
import { roundToBytes } from '../../src/scratch/roundToBytes';
import { sublayerWeights } from '../../src/scratch/sublayerWeights';
import { type GraphCase, graphCases } from '../fixtures/graphCases';
import { type Packed, numbersOf } from '../fixtures/scratch/fixtures';

/** What a layer makes of a token, recomputed step by step, against PyTorch and against the graph's own numbers. */

interface PyTorchLayer {
  readonly file: string;
  readonly layer: number;
  readonly ids: readonly number[];
  readonly token: number;
  readonly numHeads: number;
  readonly memory?: Packed;
  readonly self: Readonly<Record<string, Packed>>;
  readonly cross?: Readonly<Record<string, Packed>>;
  readonly feedForward: Readonly<Record<string, Packed>>;
}

const root = join(__dirname, '..', '..');
const { layers: pyTorch } = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'scratch', 'steps.json'), 'utf8'),
) as { layers: readonly PyTorchLayer[] };

/** Parallel halves, further norms, or one lone operator: their layers are wired otherwise. */
const otherwise = ['gemma', 'gpt-neox', 'phi-', 'fused-'];
/** Exports that differ from their neighbours in nothing that a layer is followed by. */
const alike = /legacy14|dynamo20|dynamo18$/;

describe('what a layer makes of a token', function () {
  this.timeout(60_000);
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );

  for (const expected of pyTorch) {
    it(`${expected.file}: each step is PyTorch’s`, async () => {
      const { ids, memory } = expected;
      const [length = 0, width = 0] = memory?.dims ?? [];
      const states = memory && { dims: [1, length, width], data: numbersOf(memory) };
      const opened = await open(join(root, expected.file), (graph) =>
        stackFeeds(graph.inputs, { ids, ...(states && { encoded: { states, length } }) }),
      );
      const steps = stepsOf(opened, expected.layer, expected.token, ids.length, expected.numHeads);
      assert.equal(steps.sublayers.length, expected.cross ? 3 : 2);
      for (const { kind, shares, feedForward, ...each } of steps.sublayers) {
        const theirs = expected[kind] ?? {};
        for (const name of ['before', 'result', 'sum', 'after'] as const) {
          if (theirs[name] && each[name]) {
            isNear(each[name], numbersOf(theirs[name]), `${kind} ${name}`);
          }
        }
        if (theirs['stream']) {
          assertNear(new Float32Array(each.stream), numbersOf(theirs['stream']), `${kind} stream`);
        }
        if (feedForward) {
          isNear(feedForward.inner, numbersOf(theirs['up']!), 'before the activation');
          isNear(feedForward.activated, numbersOf(theirs['activated']!), 'after the activation');
        }
        if (shares) {
          const all = new Float32Array(shares.shares);
          const bias = shares.bias ? new Float32Array(shares.bias) : new Float32Array(steps.width);
          const sum = bias.map((value, at) => {
            const ofHeads = Array.from(
              { length: shares.numHeads },
              (_, head) => all[head * steps.width + at]!,
            );
            return value + ofHeads.reduce((total, share) => total + share, 0);
          });
          assertNear(sum, numbersOf(theirs['result']!), 'the sum of the heads’ shares');
        }
      }
      const last = expected.feedForward['after'] ?? expected.feedForward['sum']!;
      isNear(steps.output, numbersOf(last), 'what leaves the layer');
    });
  }

  for (const fixture of graphCases().filter(
    ({ name }) => !alike.test(name) && !otherwise.some((each) => name.startsWith(each)),
  )) {
    it(`${fixture.name}: every layer is followed to its end`, async () => {
      const opened = await open(fixture.file, () => feedsOf(fixture));
      const tokens = (tensor: string, width: number): number =>
        opened.outputs.get(tensor)!.data.length / width;
      for (const [layer, { sublayers, gap }] of opened.wirings.entries()) {
        assert.equal(gap, undefined);
        assert.equal(sublayers.at(-1)?.kind, 'feedForward');
        const width = sublayers[0]!.output.use.outSize;
        const steps = stepsOf(opened, layer, 1, tokens(sublayers[0]!.stream, width), fixture.numHeads);
        assert.ok(worstOf(steps) < 5e-6, `layer ${layer}: off by ${worstOf(steps)}`);
      }
    });
  }

  it('says which half of a layer is wired otherwise', () => {
    const gaps = (name: string): unknown[] => {
      const { file } = graphCases().find((each) => each.name === name)!;
      return layerWirings(ModelGraph.read(new Uint8Array(readFileSync(file)))).map(({ gap }) => gap);
    };
    assert.deepEqual(gaps('gemma2-legacy17'), ['attention', 'attention']);
    assert.deepEqual(gaps('gpt-neox-legacy17'), ['attention', 'attention']);
  });

  for (const [name, near] of [
    ['bert-int8', 5e-6],
    ['gpt2-int8', 5e-6],
    ['bert-int8all', 5e-6],
    ['bert-q4', 5e-6],
    ['gpt2-q4', 5e-6],
    // Numbers of 16 bits: eleven binary digits.
    ['bert-fp16', 4e-3],
    ['gpt2-fp16', 4e-3],
  ] as const) {
    it(`${name}: the file’s own weights give its own numbers`, async () => {
      const ids = [2, 5, 7, 9, 11, 3];
      const file = join(root, 'test', 'fixtures', 'quantised', `${name}.onnx`);
      const opened = await open(file, (graph) => stackFeeds(graph.inputs, { ids }));
      const told = name.startsWith('bert') ? 'gelu' : 'gelu_new';
      for (const layer of opened.wirings.keys()) {
        const steps = stepsOf(opened, layer, 2, ids.length, 4, told);
        assert.ok(worstOf(steps) < near, `layer ${layer}: off by ${worstOf(steps)}`);
        const forward = steps.sublayers.at(-1)?.feedForward;
        assert.equal(forward?.activation, name.startsWith('bert') ? 'gelu' : 'geluTanh');
      }
    });
  }

  it('reads weights that lie in a file beside the model, the same as from one file', async () => {
    const [inside, beside] = await Promise.all(
      [join('language', 'causal'), 'external'].map((name) =>
        readLayerWeights(join(root, 'test', 'fixtures', name), 'onnx/model.onnx', 1),
      ),
    );
    assert.equal(beside?.gap, undefined);
    assert.equal(beside?.weights.length, 2);
    assert.deepEqual(beside?.weights, inside?.weights);
  });

  it('rounds to bytes as the operator does', () => {
    // Steps of 1/100 between −0.55 and 2, 0 among them; 2.5 steps are rounded to the even 2.
    const rounded = roundToBytes(Float32Array.of(0, 0.014, 0.026, -0.55, 2, 3), { least: -0.55, most: 2 });
    const steps = [0, 0.01, 0.03, -0.55, 2, 2];
    rounded.forEach((value, at) => assert.ok(Math.abs(value - steps[at]!) < 1e-6, `${value} at ${at}`));
  });
});

interface Opened {
  readonly model: ModelGraph;
  readonly wirings: readonly LayerWiring[];
  readonly outputs: ReadonlyMap<string, OutputTensor>;
}

async function open(
  file: string,
  feeds: (graph: ModelGraph['graph']) => ReadonlyMap<string, InputTensor>,
): Promise<Opened> {
  const bytes = new Uint8Array(readFileSync(file));
  let wirings: readonly LayerWiring[] = [];
  const tapped = tapModel(bytes, bytes.length, new Set(), (graph) => {
    wirings = layerWirings(ModelGraph.of(graph, bytes));
    return wirings.flatMap(({ sublayers }) => sublayers.flatMap(rowTensors));
  });
  const session = await createSession(tapped.bytes);
  const tensors = wirings.flatMap(({ sublayers }) => sublayers.flatMap(rowTensors));
  const outputs = await session.run(feeds(tapped.graph), [...new Set(tensors)]);
  await session.release();
  return { model: ModelGraph.read(new Uint8Array(readFileSync(file))), wirings, outputs };
}

function stepsOf(
  { model, wirings, outputs }: Opened,
  layer: number,
  token: number,
  numTokens: number,
  numHeads: number,
  activation?: string,
): LayerSteps {
  const { sublayers } = wirings[layer]!;
  const parts = sublayers.map((wiring) => {
    const weights = sublayerWeights(model, wiring);
    return { weights, rows: rowsOf(wiring, weights, outputs, token, numTokens), activation };
  });
  const facts = { rounds: false, half: false, gap: null };
  return layerSteps(
    parts,
    parts.map(() => numHeads),
    0,
    facts,
  );
}

/** The largest difference that any step tells. */
function worstOf({ sublayers, output }: LayerSteps): number {
  const vectors = sublayers.flatMap(({ before, feedForward, result, sum, after }) => [
    before,
    feedForward?.inner,
    feedForward?.activated,
    result,
    sum,
    after,
  ]);
  const differences = [...vectors, output].map((each) => each?.difference ?? 0);
  return Math.max(...differences);
}

function feedsOf({ inputs }: GraphCase): Map<string, InputTensor> {
  const feeds = new Map<string, InputTensor>();
  for (const [name, { type, dims, data }] of Object.entries(inputs)) {
    if (type === 'int64') {
      feeds.set(name, { elementType: ElementType.int64, dims, data: BigInt64Array.from(data, BigInt) });
    } else if (type === 'bool') {
      feeds.set(name, { elementType: ElementType.bool, dims, data: Uint8Array.from(data) });
    } else {
      feeds.set(name, { elementType: ElementType.float32, dims, data: Float32Array.from(data) });
    }
  }
  return feeds;
}

/** Both the graph's numbers and the recomputed ones. */
function isNear({ own, found }: StepVector, expected: Float32Array, what: string): void {
  assertNear(new Float32Array(found), expected, `${what}, recomputed`);
  if (own) {
    assertNear(new Float32Array(own), expected, `${what}, the graph’s`);
  }
}

function assertNear(found: Float32Array, expected: Float32Array, what: string): void {
  assert.equal(found.length, expected.length, what);
  const worst = found.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
  assert.ok(worst < 1e-5, `${what}: off by ${worst}`);
}
