import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type BlockShape,
  type Intervention,
  blockShape,
  editFeeds,
  idleFeeds,
} from '../../src/inference/editFeeds';
import { repeatFeeds } from '../../src/inference/feeds';
import {
  type InputTensor,
  type OutputTensor,
  type Session,
  configureRuntime,
  createSession,
} from '../../src/inference/runtime';
import { type EditableGraph, editableModel } from '../../src/onnx/editGraph';
import { editLogits, editPosition } from '../../src/onnx/editNames';
import { ElementType } from '../../src/onnx/graph';
import { type ExpectedTensor, type GraphCase, decodeFloats, graphCases } from '../fixtures/graphCases';

/** Interventions in real graphs against PyTorch with hooks; made by `fixtures/effects/generate.py`. */

interface Expected {
  readonly position: number;
  readonly base: ExpectedTensor;
  readonly zeroed: ExpectedTensor;
  readonly averaged: ExpectedTensor;
  readonly layersOff: ExpectedTensor;
  readonly keyOfHead: { block: number; head: number; key: number; logits: ExpectedTensor };
  readonly keyOfAll: { key: number; logits: ExpectedTensor };
  readonly row: {
    block: number;
    head: number;
    query: number;
    values: ExpectedTensor;
    logits: ExpectedTensor;
  };
  readonly other: Readonly<Record<string, number[]>>;
  readonly patched: ExpectedTensor;
  readonly patchedPattern: ExpectedTensor;
}

const tolerance = 1e-4;
const root = join(__dirname, '..', '..');
const expectedCases = JSON.parse(
  readFileSync(join(root, 'test', 'fixtures', 'effects', 'expected.json'), 'utf8'),
) as Record<string, Expected>;

/** A graph that is open, with what its plain run gave. */
class Opened {
  private constructor(
    private readonly model: EditableGraph,
    private readonly session: Session,
    private readonly feeds: Map<string, InputTensor>,
    readonly shapes: readonly BlockShape[],
    readonly position: number,
  ) {}

  static async of(fixture: GraphCase, position: number): Promise<Opened> {
    const file = new Uint8Array(readFileSync(fixture.file));
    const model = editableModel(file, file.length) as EditableGraph;
    const session = await createSession(model.bytes);
    const feeds = firstOf(fixture, {});
    feeds.set(editPosition, integers([position], [1]));
    const opened = new Opened(model, session, feeds, [], position);
    const tensors = await opened.tensors({});
    const shapes = model.blocks.map((block) => {
      const shape = blockShape(block, tensors.get(block.probabilities)!, tensors.get(block.mixed!.tensor)!);
      assert.ok(shape, 'the sizes fit together');
      return shape;
    });
    return new Opened(model, session, feeds, shapes, position);
  }

  get blocks(): EditableGraph['blocks'] {
    return this.model.blocks;
  }

  /** Probabilities and heads' outputs of a plain run, with some inputs replaced. */
  tensors(others: Readonly<Record<string, number[]>>): Promise<Map<string, OutputTensor>> {
    const feeds = new Map(this.feeds);
    for (const [name, values] of Object.entries(others)) {
      feeds.set(name, integers(values, this.feeds.get(name)!.dims));
    }
    idleFeeds(this.blocks.length).forEach((tensor, name) => feeds.set(name, tensor));
    const wanted = this.blocks.flatMap((block) => [block.probabilities, block.mixed!.tensor]);
    return this.session.run(this.known(feeds), [...wanted, editLogits]);
  }

  /** Logits at the position, a row for each intervention, from one run over a batch. */
  async logits(rows: readonly Intervention[], atOnce = true): Promise<Float32Array> {
    if (!atOnce) {
      const parts: Float32Array[] = [];
      for (const row of rows) {
        parts.push(await this.logits([row]));
      }
      return Float32Array.from(parts.flatMap((part) => [...part]));
    }
    const feeds = repeatFeeds(this.feeds, rows.length);
    editFeeds(this.shapes, rows).forEach((tensor, name) => feeds.set(name, tensor));
    return (await this.session.run(this.known(feeds), [editLogits])).get(editLogits)!.data;
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** Blocks that cannot be edited have no inputs. */
  private known(feeds: Map<string, InputTensor>): Map<string, InputTensor> {
    return new Map([...feeds].filter(([name]) => this.session.inputNames.includes(name)));
  }
}

describe('interventions', () => {
  before(() =>
    configureRuntime({
      kind: 'wasm',
      wasmFolder: dirname(require.resolve('onnxruntime-web')),
      numThreads: 1,
    }),
  );

  const fixtures = graphCases().filter(({ name }) => name in expectedCases);
  it('has a graph for every case', () => {
    assert.equal(fixtures.length, Object.keys(expectedCases).length);
  });

  for (const fixture of fixtures) {
    it(`${fixture.name}: heads, layers, keys, rows and another text’s outputs, as PyTorch has them`, async () => {
      const expected = expectedCases[fixture.name]!;
      const opened = await Opened.of(fixture, expected.position);
      const { shapes, blocks } = opened;
      const isFused = fixture.name.includes('dynamo23');
      assert.ok(blocks.every((block) => block.editsOutputs && block.editsProbabilities === !isFused));
      const every = shapes.flatMap(({ numHeads }, layer) =>
        Array.from({ length: numHeads }, (_, head) => ({ layer, head })),
      );
      const close = async (
        rows: readonly Intervention[],
        wanted: ExpectedTensor,
        what: string,
      ): Promise<void> => {
        // Llama's rotary operator takes no batch in this export, with or without edits.
        const found = await opened.logits(rows, !isFused);
        const numbers = decodeFloats(wanted.data);
        assert.equal(found.length, numbers.length, what);
        const worst = numbers.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0);
        assert.ok(worst <= tolerance, `${what}: off by ${worst}`);
      };
      await close([{}], expected.base, 'nothing changed');
      await close(
        every.map((at) => ({ heads: [{ ...at, with: 'zero' }] })),
        expected.zeroed,
        'heads off',
      );
      await close(
        every.map((at) => ({ heads: [{ ...at, with: 'mean' }] })),
        expected.averaged,
        'heads averaged',
      );
      await close(
        shapes.map(({ numHeads }, layer) => ({
          heads: Array.from({ length: numHeads }, (_, head) => ({ layer, head, with: 'zero' as const })),
        })),
        expected.layersOff,
        'layers off',
      );
      const theirs = await opened.tensors(expected.other);
      const outputOf = (layer: number, head: number): Float32Array =>
        headOf(theirs.get(blocks[layer]!.mixed!.tensor)!, shapes[layer]!, head);
      await close(
        every.map(({ layer, head }) => ({ heads: [{ layer, head, with: outputOf(layer, head) }] })),
        expected.patched,
        'another text’s outputs',
      );
      if (isFused) {
        await opened.release();
        return;
      }
      const { keyOfHead, keyOfAll, row } = expected;
      const one = { layer: keyOfHead.block, head: keyOfHead.head, key: keyOfHead.key };
      await close([{ keys: [one] }], keyOfHead.logits, 'a key of a head');
      await close([{ keys: [{ key: keyOfAll.key }] }], keyOfAll.logits, 'a key of all heads');
      const replaced = { layer: row.block, head: row.head, query: row.query };
      await close(
        [{ rows: [{ ...replaced, values: decodeFloats(row.values.data) }] }],
        row.logits,
        'a row replaced',
      );
      await close(
        every.map(({ layer, head }) => {
          const { numHeads, numQueries, numKeys } = shapes[layer]!;
          const { data } = theirs.get(blocks[layer]!.probabilities)!;
          assert.equal(data.length, numHeads * numQueries * numKeys);
          const rows = Array.from({ length: numQueries }, (_, query) => {
            const from = (head * numQueries + query) * numKeys;
            return { layer, head, query, values: data.slice(from, from + numKeys) };
          });
          return { rows };
        }),
        expected.patchedPattern,
        'another text’s attention',
      );
      await opened.release();
    });
  }
});

function headOf(
  { data }: OutputTensor,
  { numQueries, numHeads, size, layout }: BlockShape,
  head: number,
): Float32Array {
  if (layout !== 'BSH') {
    return data.slice(head * numQueries * size, (head + 1) * numQueries * size);
  }
  return Float32Array.from({ length: numQueries * size }, (_, at) => {
    const [query, column] = [Math.floor(at / size), at % size];
    return data[(query * numHeads + head) * size + column]!;
  });
}

function integers(values: readonly number[], dims: readonly number[]): InputTensor {
  return { elementType: ElementType.int64, data: BigInt64Array.from(values, BigInt), dims };
}

/** The first text of a fixture's batch. */
function firstOf(
  { inputs }: GraphCase,
  others: Readonly<Record<string, number[]>>,
): Map<string, InputTensor> {
  return new Map(
    Object.entries(inputs).map(([name, { dims, data }]): [string, InputTensor] => {
      const size = dims.slice(1).reduce((product, dim) => product * dim, 1);
      return [name, integers(others[name] ?? data.slice(0, size), [1, ...dims.slice(1)])];
    }),
  );
}
