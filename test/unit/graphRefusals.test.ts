import assert from 'node:assert/strict';
import { checkGraph } from '../../src/onnx/checkGraph';
import { parseModel } from '../../src/onnx/parse';
import { tapModel } from '../../src/onnx/tapModel';
import { WireError, bytesField, concat, textField, varintField } from '../../src/onnx/wire';
import { nodeBytes } from '../../src/onnx/writeGraph';

/** Graphs that no runtime could run, written by hand. */

const node = (inputs: readonly string[], outputs: readonly string[]): Uint8Array =>
  bytesField(1, nodeBytes({ opType: 'Relu', inputs, outputs }));
const input = (name: string): Uint8Array => bytesField(11, textField(1, name));
const output = (name: string): Uint8Array => bytesField(12, textField(1, name));
const model = (...fields: readonly Uint8Array[]): Uint8Array => bytesField(7, concat(fields));
const tensor = (...fields: readonly Uint8Array[]): Uint8Array => bytesField(5, concat(fields));
const location = (path: string): Uint8Array =>
  bytesField(13, concat([textField(1, 'location'), textField(2, path)]));

function refuses(bytes: Uint8Array, why: RegExp): void {
  assert.throws(
    () => tapModel(bytes, bytes.length),
    (error) => error instanceof WireError && why.test(error.message),
    String(why),
  );
}

describe('a graph that cannot run is refused with a sentence', () => {
  it('nodes that wait for each other', () => {
    refuses(model(input('x'), node(['b'], ['a']), node(['a'], ['b']), output('b')), /depends on itself/);
    refuses(model(node(['a'], ['a']), output('a')), /“a” depends on itself/);
  });

  it('a tensor that nothing produces', () => {
    refuses(model(node(['weights'], ['y']), output('y')), /reads “weights”, which nothing produces/);
    refuses(model(input('x'), node(['x'], ['y']), output('z')), /output “z” is produced by nothing/);
  });

  it('a tensor that is produced twice', () => {
    refuses(model(input('x'), node(['x'], ['y']), node(['x'], ['y']), output('y')), /“y” is produced twice/);
  });

  it('a shape that is not that of its data', () => {
    const float = varintField(2, 1);
    const eightBytes = bytesField(9, new Uint8Array(8));
    const name = textField(8, 'w');
    refuses(
      model(tensor(varintField(1, 3), float, eightBytes, name)),
      /“w” says it is \[3\] but holds 8 bytes/,
    );
    const absurd = [varintField(1, 2 ** 40), varintField(1, 2 ** 40), float, eightBytes, name];
    refuses(model(tensor(...absurd)), /holds 8 bytes/);
    refuses(model(tensor(varintField(1, -2), float, eightBytes, name)), /holds 8 bytes/);
    // Two floats, a scalar of eight bytes, and four-bit numbers, two to a byte.
    for (const [dims, type, bytes] of [
      [[2], 1, 8],
      [[], 7, 8],
      [[3, 3], 22, 5],
    ] as const) {
      const fits = tensor(
        ...dims.map((dim) => varintField(1, dim)),
        varintField(2, type),
        bytesField(9, new Uint8Array(bytes)),
        name,
      );
      assert.ok(parseModel(model(fits)).initializers.has('w'));
    }
  });

  it('data outside the model’s folder', () => {
    const external = varintField(14, 1);
    for (const path of ['../secret', '/etc/passwd', 'a/../../b', 'C:\\weights', 'a//b', '']) {
      refuses(model(tensor(textField(8, 'w'), external, location(path))), /outside the model’s folder/);
    }
    refuses(model(tensor(textField(8, 'w'), external)), /outside the model’s folder/);
    const inside = parseModel(model(tensor(textField(8, 'w'), external, location('parts/model.onnx_data'))));
    assert.deepEqual([...inside.externalFiles], ['parts/model.onnx_data']);
  });

  it('however long its chain of nodes is', () => {
    const count = 100_000;
    const graph = parseModel(
      model(
        input('t0'),
        ...Array.from({ length: count }, (_, index) => node([`t${index}`, 't0'], [`t${index + 1}`])),
        output(`t${count}`),
      ),
    );
    checkGraph(graph);
    assert.equal(graph.nodes.length, count);
  });
});
