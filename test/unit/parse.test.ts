import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findAttention } from '../../src/onnx/findAttention';
import { parseModel } from '../../src/onnx/parse';
import { editTailRoom } from '../../src/onnx/editGraph';
import { tapModel } from '../../src/onnx/tapModel';
import { WireError, WireReader, bytesField, concat, textField } from '../../src/onnx/wire';
import { graphCases } from '../fixtures/graphCases';

describe('the protobuf reader', () => {
  it('reads varints of every length, and negatives in two’s complement', () => {
    const read = (...bytes: number[]): number => new WireReader(Uint8Array.from(bytes)).varint();
    assert.equal(read(0), 0);
    assert.equal(read(0x96, 0x01), 150); // the example of protobuf's own encoding page
    assert.equal(read(0xff, 0xff, 0xff, 0xff, 0x0f), 0xffffffff);
    assert.equal(read(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f), Number.MAX_SAFE_INTEGER);
    assert.equal(read(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), -1);
  });

  it('writes what it reads', () => {
    const message = concat([textField(1, '名字'), bytesField(200, new Uint8Array(300))]);
    const reader = new WireReader(message);
    assert.ok(reader.next());
    assert.equal(reader.text(), '名字');
    assert.ok(reader.next());
    assert.equal(reader.field, 200);
    const { start, end } = reader.range();
    assert.equal(end - start, 300);
    assert.ok(!reader.next());
  });

  it('refuses a field that reaches beyond the end', () => {
    assert.throws(
      () =>
        new WireReader(Uint8Array.from([0x0a, 0x05, 1])).next() &&
        parseModel(Uint8Array.from([0x3a, 0x05, 1])),
      WireError,
    );
  });
});

describe('hostile model files', () => {
  const original = new Uint8Array(
    readFileSync(graphCases().find((each) => each.name === 'bert-legacy17')!.file),
  );

  it('cut at any length: read or refused, never anything else', () => {
    for (let length = 0; length < original.length; length += 97) {
      parseOrRefuse(original.subarray(0, length));
    }
  });

  it('with bytes changed at random: read or refused', () => {
    let seed = 12345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % below;
    };
    for (let round = 0; round < 3000; round++) {
      const mutated = original.slice();
      for (let change = 0; change < 1 + random(8); change++) {
        mutated[random(mutated.length)] = random(256);
      }
      parseOrRefuse(mutated);
    }
  });

  it('random bytes and text', () => {
    parseOrRefuse(new TextEncoder().encode('version https://git-lfs.github.com/spec/v1'));
    parseOrRefuse(new TextEncoder().encode('<!doctype html><html></html>'));
    assert.deepEqual(findAttention(parseModel(new Uint8Array(0))), []);
  });

  function parseOrRefuse(bytes: Uint8Array): void {
    try {
      findAttention(parseModel(bytes));
    } catch (error) {
      assert.ok(error instanceof WireError, String(error));
    }
  }
});

describe('tapping', () => {
  const file = new Uint8Array(readFileSync(graphCases().find((each) => each.name === 'bert-legacy17')!.file));

  it('writes its tail into the room behind the file, without a copy', () => {
    const roomy = new Uint8Array(file.length + editTailRoom);
    roomy.set(file);
    const tapped = tapModel(roomy, file.length);
    assert.equal(tapped.bytes.buffer, roomy.buffer);
    assert.ok(tapped.bytes.length - file.length < 1000);
    assert.deepEqual(tapped.bytes.subarray(0, file.length), file);
  });

  it('adds nothing to a model whose attention is an output already', () => {
    const once = tapModel(file, file.length);
    const twice = tapModel(once.bytes, once.bytes.length);
    assert.equal(twice.bytes.length, once.bytes.length);
    assert.equal(once.graph.outputs.length + once.blocks.length, twice.graph.outputs.length);
  });
});
