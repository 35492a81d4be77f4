import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findAttention } from '../../src/onnx/findAttention';
import { parseModel } from '../../src/onnx/parse';
import { decodeFloats } from '../fixtures/graphCases';
import type { QuantisedCases } from '../fixtures/quantised/cases';

/**
 * Quantised models on both runtimes. Against ONNX Runtime in Python on the same file the tap may cost
 * only rounding; against PyTorch before quantisation the difference is what the quantisation itself does.
 */

const folder = join(__dirname, '..', 'fixtures', 'quantised');
const cases = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as QuantisedCases;

/** Largest difference from Python's run of the same file. Half precision has 11 bits. */
const sameFile = { int8: 1e-4, int8all: 1e-4, q4: 1e-4, fp16: 2e-3 };
/** Largest and mean difference from float32 PyTorch. */
const beforeQuantising = {
  int8: [0.1, 0.01],
  int8all: [0.1, 0.02],
  q4: [0.35, 0.03],
  fp16: [3e-3, 3e-4],
} as const;

for (const runtime of ['native', 'wasm']) {
  describe(`quantised models, ${runtime}`, function () {
    this.timeout(60_000);
    let results: Record<string, string> = {};
    before(() => {
      const output = execFileSync(
        process.execPath,
        ['--import', 'tsx', join(folder, 'runCases.ts'), runtime],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      );
      results = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, string>;
    });
    const floats = (name: string): Float32Array => decodeFloats(results[name] ?? '');

    for (const { name, form, dims, quantised, full } of cases.attention) {
      it(`${name}: the attention of the file, and near to that before quantisation`, () => {
        const got = floats(name);
        assert.equal(
          got.length,
          dims.reduce((product, dim) => product * dim, 1),
        );
        within(differences(got, decodeFloats(quantised)).largest, sameFile[form]);
        const { largest, mean } = differences(got, decodeFloats(full));
        within(largest, beforeQuantising[form][0]);
        within(mean, beforeQuantising[form][1]);
      });
    }

    for (const { name, dims, whole, steps } of cases.decoders) {
      it(`${name}: the logits of Python, at once and token by token`, () => {
        const lastRow = decodeFloats(whole).slice(-(dims[1] ?? 0));
        within(differences(floats(`${name} whole`), lastRow).largest, 1e-4);
        within(differences(floats(`${name} steps`), decodeFloats(steps)).largest, 1e-4);
      });
    }
  });
}

describe('operands of quantised products', () => {
  for (const { name } of cases.attention) {
    it(`${name}: queries, keys and values before they were made integers`, () => {
      const graph = parseModel(new Uint8Array(readFileSync(join(folder, `${name}.onnx`))));
      const makers = new Map(
        graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node.opType])),
      );
      for (const { queries, keys, values } of findAttention(graph)) {
        for (const operand of [queries, keys, values]) {
          assert.notEqual(
            makers.get(operand?.tensor ?? '') ?? 'DynamicQuantizeLinear',
            'DynamicQuantizeLinear',
          );
        }
      }
    });
  }
});

describe('a key-value cache of a quantised decoder', () => {
  const apart = (form: string): number => {
    const found = cases.decoders.find((each) => each.form === form)!;
    return differences(decodeFloats(found.whole), decodeFloats(found.steps)).largest;
  };
  // DynamicQuantizeLinear takes one range for all rows it is given. Read at once, a token is rounded on
  // the grid of the whole text; read alone, on its own. So no cache can give the same logits, in any runtime.
  it('changes logits where activations are quantised (int8)', () => assert.ok(apart('int8') > 1e-2));
  it('changes none where only weights are (q4)', () => within(apart('q4'), 1e-5));
});

function differences(got: Float32Array, wanted: Float32Array): { largest: number; mean: number } {
  assert.equal(got.length, wanted.length);
  let [largest, sum] = [0, 0];
  got.forEach((value, index) => {
    const difference = Math.abs(value - wanted[index]!);
    assert.ok(!Number.isNaN(difference));
    largest = Math.max(largest, difference);
    sum += difference;
  });
  return { largest, mean: sum / got.length };
}

function within(value: number, limit: number): void {
  assert.ok(value <= limit, `${value.toExponential(1)} > ${limit}`);
}
