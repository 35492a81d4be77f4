import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type HeadOperands, type OperandTensor, headOperands } from '../../src/attention/headOperands';
import { oneNumber, readingOf } from '../../src/attention/oneNumber';
import { type ScoreReading, readScores } from '../../src/attention/readScores';
import { makeFeeds } from '../../src/inference/feeds';
import { type InputTensor, configureRuntime, createSession } from '../../src/inference/runtime';
import type { Operand } from '../../src/onnx/attentionBlock';
import { ElementType } from '../../src/onnx/graph';
import { type Tap, tapModel } from '../../src/onnx/tapModel';
import { type GraphCase, decodeFloats, graphCases } from '../fixtures/graphCases';
import type { QuantisedCases } from '../fixtures/quantised/cases';

/** A head's weights recomputed from what a graph shows of it, against PyTorch's attentions of the same graph. */

const taps: ReadonlySet<Tap> = new Set<Tap>(['scores', 'qkv']);
/** Their scores hold more than scale, mask and a bias by position: a soft cap, or a bias of any shape. */
const unknown = ['gemma2-', 'fused-attention', 'fused-contrib-sizes', 'fused-mha-half'];
/** Of these no operand of the queries is seen, or keys come from a cache; pictures and sound are no texts. */
const others = [
  'clip',
  'whisper',
  'fused-gqa-rotary',
  'fused-mha',
  'fused-attention-past',
  'fused-contrib-past',
];
const isIn = (list: readonly string[], name: string): boolean =>
  list.some((each) => (each.endsWith('-') ? name.startsWith(each) : name === each));
const cases = graphCases().filter(
  ({ name }) => !others.some((each) => name === each || name.startsWith(`${each}-`)) || isIn(unknown, name),
);

const quantisedFolder = join(__dirname, '..', 'fixtures', 'quantised');
const quantisedCases = (
  JSON.parse(readFileSync(join(quantisedFolder, 'expected.json'), 'utf8')) as QuantisedCases
).attention.filter(({ name }) => name.startsWith('bert-'));
const fileOf = (name: string): string => join(quantisedFolder, `${name}.onnx`);
const graphOf = (name: string): [Uint8Array, number] => {
  const bytes = new Uint8Array(readFileSync(fileOf(name)));
  return [bytes, bytes.length];
};

interface Recomputed {
  readonly readings: readonly ScoreReading[];
  readonly operands: readonly HeadOperands[];
  /** The largest distance of a weight from PyTorch's. */
  readonly worst: number;
}

describe('one number of any graph', function () {
  this.timeout(60_000);
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );

  for (const fixture of cases) {
    const isUnknown = isIn(unknown, fixture.name);
    const what = isUnknown ? 'is said to hold more than is known' : 'has PyTorch’s weights, recomputed';
    it(`${fixture.name} ${what}`, async () => {
      const { readings, worst } = await recompute(fixture);
      assert.ok(readings.length > 0);
      for (const { openKind } of readings) {
        assert.equal(openKind === 'unknown', isUnknown, openKind);
      }
      assert.ok(isUnknown ? worst > 1e-3 : worst < 5e-6, `off by ${worst}`);
    });
  }

  for (const { name, form, ids, dims, quantised } of quantisedCases) {
    it(`${name}: ${form === 'int8all' ? 'integers are not recomputed' : 'has the weights of the file'}`, async () => {
      const [layers = 1, heads = 1, n = 1] = dims;
      const { graph } = tapModel(...graphOf(name));
      const { readings, worst } = await recomputeAll({
        file: fileOf(name),
        feeds: makeFeeds(graph.inputs, ids ?? []),
        dims: [layers, 1, heads, n, n],
        attentions: decodeFloats(quantised),
        causal: false,
      });
      // Where Q·Kᵀ is a product of integers, numbers before rounding cannot give it, and the page says so.
      const isInteger = form === 'int8all';
      readings.forEach(({ openKind }) => assert.equal(openKind, isInteger ? 'unknown' : 'none'));
      const near = form === 'fp16' ? 2 ** -11 : 5e-6;
      assert.ok(isInteger ? worst > 1e-3 : worst < near, `off by ${worst}`);
    });
  }

  it('tells the scale: divided by √d, scaled before the product, or not at all', async () => {
    const kinds = { 'bert-legacy17': 'root', 'bert-legacy17-sdpa': 'none', 'gpt-neo-legacy17': 'none' };
    for (const [name, kind] of Object.entries(kinds)) {
      const { readings } = await recompute(named(name));
      readings.forEach(({ scaleKind }) => assert.equal(scaleKind, kind, name));
    }
  });

  it('finds T5’s bias by distance, and nothing of the kind in BERT', async () => {
    const t5 = await recompute(named('t5-legacy17'));
    t5.readings.forEach(({ openKind }) => assert.equal(openKind, 'distance'));
    const bert = await recompute(named('bert-legacy17'));
    bert.readings.forEach(({ openKind }) => assert.equal(openKind, 'none'));
  });

  it('shares keys and values among the heads of a group', async () => {
    const { operands } = await recompute(named('fused-gqa'));
    operands.forEach(({ sharedBy }) => assert.equal(sharedBy, 2));
    const [first, second, third] = operands;
    assert.deepEqual(first?.k, second?.k);
    assert.notDeepEqual(first?.k, third?.k);
  });
});

describe('the rule behind scores', () => {
  const products = Float32Array.of(1, 2, -3, 4, 0.5, -1, 2, 2.5, 3);
  const of = (scoreOf: (product: number, query: number, key: number) => number): ScoreReading =>
    readScores(
      products,
      products.map((product, cell) => scoreOf(product, Math.floor(cell / 3), cell % 3)),
      3,
      16,
    );

  it('is a scale, the paper’s where it fits', () => {
    const told = ({ scale, scaleKind, openKind }: ScoreReading): unknown => [
      Number(scale.toFixed(4)),
      scaleKind,
      openKind,
    ];
    assert.deepEqual(told(of((product) => product / 4)), [0.25, 'root', 'none']);
    assert.deepEqual(told(of((product) => product)), [1, 'none', 'none']);
    assert.deepEqual(told(of((product) => product * 0.3)), [0.3, 'own', 'none']);
  });

  it('is a mask, whichever number stands for −∞', () => {
    for (const minus of [-Infinity, -3.4e38, -65504, -10000]) {
      const { openKind, addends } = of((product, query, key) => (key > query ? minus : product / 4));
      assert.equal(openKind, 'none');
      assert.deepEqual(
        Array.from(addends, (addend) => addend === -Infinity),
        [false, true, true, false, false, true, false, false, false],
      );
    }
  });

  it('is a bias by distance or by key, or nothing that is known', () => {
    const alibi = of((product, query, key) => product / 4 - 0.5 * Math.abs(query - key));
    assert.deepEqual([alibi.openKind, alibi.scaleKind], ['distance', 'root']);
    assert.ok(Math.abs(alibi.addends[2]! + 1) < 1e-6);
    const bloom = of((product, _, key) => product / 4 + [0, 0.7, 0.9][key]!);
    assert.deepEqual([bloom.openKind, bloom.scaleKind], ['key', 'root']);
    assert.ok(Math.abs(bloom.addends[5]! - 0.9) < 1e-6);
    const any = of(
      (product, query, key) => product / 4 + (query === 1 && key === 1 ? 0.2 : 0) + 0.1 * query ** 2,
    );
    assert.equal(any.openKind, 'unknown');
  });

  it('leaves out of the numbers what it does not know, and says how much it is', () => {
    const ones = { rows: 2, columns: 1, data: Float32Array.of(1, 1) };
    const operands = { q: ones, k: ones, v: ones, scores: Float32Array.of(1.5, 2, 0.5, 1.2), sharedBy: 1 };
    const reading = readingOf(operands, false);
    const power = Math.exp(0.5);
    const own = Float32Array.of(1 / (1 + power), power / (1 + power), 0.3318, 0.6682);
    const found = oneNumber(operands, reading, own, 0, 1);
    assert.equal(found.addendKind, 'unknown');
    assert.deepEqual([found.addend, found.masked, found.weight], [1, 1, 0.5]);
    assert.ok(Math.abs(found.difference - (own[1]! - 0.5)) < 1e-6);
  });
});

function named(name: string): GraphCase {
  const found = graphCases().find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

/** A graph, what it is fed, and PyTorch's attentions, `[layers, batch, heads, tokens, tokens]`. */
interface Question {
  readonly file: string;
  readonly feeds: ReadonlyMap<string, InputTensor>;
  readonly dims: readonly number[];
  readonly attentions: Float32Array;
  readonly causal: boolean;
}

function recompute(fixture: GraphCase): Promise<Recomputed> {
  const { dims = [], data = '' } = fixture.stacks[0]?.attentions ?? {};
  const { file, causal } = fixture;
  return recomputeAll({ file, causal, feeds: feedsOf(fixture), dims, attentions: decodeFloats(data) });
}

/** Every head of every layer, of the first text of a batch. */
async function recomputeAll({ file, feeds, dims, attentions, causal }: Question): Promise<Recomputed> {
  const read = new Uint8Array(readFileSync(file));
  const { blocks, bytes } = tapModel(read, read.length, taps);
  const own = blocks.filter(({ kind }) => kind === 'self' || kind === 'encoderSelf');
  const session = await createSession(bytes);
  const names = own.flatMap(({ scores, queries, keys, values }) => [
    ...[scores, queries?.tensor, keys?.tensor, values?.tensor],
  ]);
  // Graphs of a single operator are fed their queries.
  const given = new Map(
    [...feeds].map(([name, { dims: shape, data }]) => [
      name,
      { dims: shape, data: Float32Array.from(data, Number) },
    ]),
  );
  const wanted = [...new Set(names)].filter((name) => name !== undefined && !given.has(name)) as string[];
  const results = new Map([...given, ...(await session.run(feeds, wanted))]);
  await session.release();
  const [, batch = 1, heads = 1, numTokens = 1] = dims;
  const firstText = (name: string | undefined): { dims: readonly number[]; data: Float32Array } => {
    const found = results.get(name ?? '')!;
    return { dims: found.dims, data: found.data.slice(0, found.data.length / batch) };
  };
  const operandOf = (operand: Operand | undefined): OperandTensor => {
    assert.ok(operand, 'queries, keys and values are found');
    return { layout: operand.layout, ...firstText(operand.tensor) };
  };
  const readings: ScoreReading[] = [];
  const operands: HeadOperands[] = [];
  let worst = 0;
  own.forEach((block, layer) => {
    const whole = {
      queries: operandOf(block.queries),
      keys: operandOf(block.keys),
      values: operandOf(block.values),
      scores: firstText(block.scores).data,
    };
    for (let head = 0; head < heads; head++) {
      const each = headOperands(whole, head, heads, numTokens);
      assert.ok(each, 'the shapes fit');
      const reading = readingOf(each, causal);
      const from = (layer * batch * heads + head) * numTokens ** 2;
      const weights = attentions.subarray(from, from + numTokens ** 2);
      for (let query = 0; query < numTokens; query++) {
        const { largestDifference } = oneNumber(each, reading, weights, query, query % numTokens);
        worst = Math.max(worst, largestDifference);
      }
      readings.push(reading);
      operands.push(each);
    }
  });
  return { readings, operands, worst };
}

function feedsOf(fixture: GraphCase): Map<string, InputTensor> {
  return new Map(
    Object.entries(fixture.inputs).map(([name, { type, dims, data }]): [string, InputTensor] => [
      name,
      type === 'int64'
        ? { elementType: ElementType.int64, data: BigInt64Array.from(data, BigInt), dims }
        : type === 'bool'
          ? { elementType: ElementType.bool, data: Uint8Array.from(data), dims }
          : { elementType: ElementType.float32, data: Float32Array.from(data), dims },
    ]),
  );
}
