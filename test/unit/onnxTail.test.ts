import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { explainNoAttention } from '../../src/onnx/explainNoAttention';
import { findAttention } from '../../src/onnx/findAttention';
import type { Node } from '../../src/onnx/graph';
import { parseModel } from '../../src/onnx/parse';
import { editTailRoom } from '../../src/onnx/editGraph';
import { tapModel } from '../../src/onnx/tapModel';
import { bytesField, concat, textField, varintField } from '../../src/onnx/wire';
import { graphCases } from '../fixtures/graphCases';

const fusedCases = graphCases().filter(
  (each) => each.name.startsWith('fused-') || each.name.includes('dynamo23'),
);

describe('tapping fused operators', () => {
  for (const fixture of fusedCases) {
    it(`${fixture.name}: in place, a bit per operator, and nothing the second time`, () => {
      const original = new Uint8Array(readFileSync(fixture.file));
      const roomy = new Uint8Array(original.length + editTailRoom);
      roomy.set(original);
      const once = tapModel(roomy, original.length);
      assert.equal(once.bytes.buffer, roomy.buffer);
      const changed = original.filter((byte, each) => byte !== once.bytes[each]).length;
      const changes = once.blocks.filter((block) => block.extension?.change).length;
      assert.equal(changed, changes);

      const twice = tapModel(once.bytes.slice(), once.bytes.length);
      assert.equal(twice.bytes.length, once.bytes.length);
      assert.deepEqual(
        twice.blocks.map((block) => block.probabilities),
        once.blocks.map((block) => block.probabilities),
      );
    });
  }

  it('leaves a file without room behind it as it was', () => {
    const original = new Uint8Array(readFileSync(fusedCases[0]!.file));
    const given = original.slice();
    tapModel(given, given.length);
    assert.deepEqual(given, original);
  });
});

describe('a graph without attention to show', () => {
  const node = (opType: string, domain = '', extra: Uint8Array[] = []): Uint8Array =>
    bytesField(
      1,
      concat([textField(1, 'a'), textField(2, 'b'), textField(4, opType), textField(7, domain), ...extra]),
    );
  const explain = (...nodes: Uint8Array[]): string => {
    const graph = parseModel(bytesField(7, concat(nodes)));
    assert.deepEqual(findAttention(graph), []);
    return explainNoAttention(graph);
  };
  const inBranch = (inner: Uint8Array): Uint8Array =>
    bytesField(5, concat([textField(1, 'then_branch'), bytesField(6, inner), varintField(20, 5)]));

  it('is explained', () => {
    assert.match(explain(node('If', '', [inBranch(node('Softmax'))])), /inside an If branch/);
    const deeper = node('If', '', [inBranch(node('GroupQueryAttention', 'com.microsoft'))]);
    assert.match(explain(node('Loop', '', [inBranch(deeper)])), /inside a Loop branch/);
    assert.match(explain(node('QAttention', 'com.microsoft')), /computed by QAttention/);
    assert.match(explain(node('Relu')), /no softmax/);
    assert.match(explain(), /no graph/);
  });

  it('does not follow branches without end', () => {
    let branch = node('Softmax');
    for (let depth = 0; depth < 40; depth++) {
      branch = node('If', '', [inBranch(branch)]);
    }
    assert.throws(() => parseModel(bytesField(7, branch)), /nested too deeply/);
  });

  it('is not taken for one because of a softmax that has no name or input', () => {
    const bare: Node = { name: '', opType: 'Softmax', domain: '', inputs: [], outputs: [] };
    const graph = parseModel(new Uint8Array(0));
    assert.deepEqual(findAttention({ ...graph, nodes: [bare] }), []);
  });
});
