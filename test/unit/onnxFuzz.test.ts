import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editableModel } from '../../src/onnx/editGraph';
import { explainNoAttention } from '../../src/onnx/explainNoAttention';
import { lensModel } from '../../src/onnx/lensGraph';
import { parseModel } from '../../src/onnx/parse';
import { type Tap, tapModel } from '../../src/onnx/tapModel';
import { WireError, bytesField, concat, textField } from '../../src/onnx/wire';
import { graphCases } from '../fixtures/graphCases';

const everything: ReadonlySet<Tap> = new Set<Tap>(['probabilities', 'scores', 'qkv', 'hidden']);

/** Small files with every kind of field the reader knows, so that 100,000 rounds take seconds. */
const seeds = graphCases()
  .filter((each) => each.name.startsWith('fused-'))
  .map((each) => new Uint8Array(readFileSync(each.file)));

/** Mulberry32: the same rounds every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function tapOrRefuse(bytes: Uint8Array): 'tapped' | 'refused' {
  try {
    const { graph, bytes: tapped } = tapModel(bytes, bytes.length, everything);
    explainNoAttention(graph);
    assert.ok(tapped.length <= bytes.length * 100 + 100_000, 'no tail out of proportion');
    return 'tapped';
  } catch (error) {
    if (error instanceof WireError) {
      return 'refused';
    }
    throw error;
  }
}

/** Whole small models with a head: the copy of it is what is tried. */
const heads = ['bert', 'bert-decomposed', 'bert-fused', 'gpt2-fused', 'llama'].map((name) => {
  const folder = join(__dirname, '..', 'fixtures', 'lens', name, 'onnx');
  return new Uint8Array(readFileSync(join(folder, 'model.onnx')));
});

function readLensOrRefuse(bytes: Uint8Array): 'read' | 'not found' | 'refused' {
  try {
    const lens = lensModel(bytes, bytes.length);
    assert.ok(!lens || lens.bytes.length <= bytes.length * 2 + 100_000, 'no tail out of proportion');
    return lens ? 'read' : 'not found';
  } catch (error) {
    if (error instanceof WireError) {
      return 'refused';
    }
    throw error;
  }
}

function editOrRefuse(bytes: Uint8Array): 'read' | 'not found' | 'refused' {
  try {
    const edited = editableModel(bytes, bytes.length);
    assert.ok(!edited || edited.bytes.length <= bytes.length * 2 + 100_000, 'no tail out of proportion');
    return edited ? 'read' : 'not found';
  } catch (error) {
    if (error instanceof WireError) {
      return 'refused';
    }
    throw error;
  }
}

describe('100,000 damaged files', function () {
  this.timeout(120_000);

  it('are tapped or refused, never anything else', () => {
    const random = randomFrom(2017);
    const counts = { tapped: 0, refused: 0 };
    for (let round = 0; round < 100_000; round++) {
      const seed = seeds[round % seeds.length] as Uint8Array;
      counts[tapOrRefuse(damage(seed, random))]++;
    }
    assert.ok(counts.tapped > 1000 && counts.refused > 1000, JSON.stringify(counts));
  });

  it('4,000 with a head get their logit lens or do not, never anything else', () => {
    const random = randomFrom(2020);
    const counts = { read: 0, 'not found': 0, refused: 0 };
    let slowest = 0;
    for (let round = 0; round < 4000; round++) {
      const begin = process.cpuUsage();
      counts[readLensOrRefuse(damageAnywhere(heads[round % heads.length] as Uint8Array, random))]++;
      const { user, system } = process.cpuUsage(begin);
      slowest = Math.max(slowest, (user + system) / 1000);
    }
    assert.ok(Math.min(...Object.values(counts)) > 100, JSON.stringify(counts));
    assert.ok(slowest < 1000, `${slowest} ms for one file`);
  });

  it('1,000 with a head can be edited or cannot, never anything else', () => {
    const random = randomFrom(2022);
    const counts = { read: 0, 'not found': 0, refused: 0 };
    for (let round = 0; round < 1000; round++) {
      counts[editOrRefuse(damageAnywhere(heads[round % heads.length] as Uint8Array, random))]++;
    }
    assert.ok(counts.read > 100 && counts.refused > 100, JSON.stringify(counts));
  });

  it('and absurd sizes are refused before memory goes', () => {
    const many = new Uint8Array(2 * 2_100_000);
    for (let each = 0; each < many.length; each += 2) {
      many[each] = 0x0a; // an empty node
    }
    assert.throws(() => parseModel(bytesField(7, many)), /more than/);
    const longName = bytesField(1, textField(4, 'x'.repeat(5000)));
    assert.throws(() => parseModel(bytesField(7, concat([longName]))), /a name of 5000 bytes/);
  });
});

/** Bytes changed, a piece cut out, doubled, or the end cut off; mostly where the structure is dense. */
function damage(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  const at = random(seed.length);
  const size = random(random(2) === 0 ? 8 : 400);
  switch (random(5)) {
    case 0:
      return seed.slice(0, at);
    case 1:
      return concat([seed.subarray(0, at), seed.subarray(at + size)]);
    case 2:
      return concat([seed.subarray(0, at + size), seed.subarray(at)]);
    default: {
      const mutated = seed.slice();
      for (let change = random(6); change >= 0; change--) {
        // The first bytes hold the nodes, the last the inputs and outputs; weights lie between.
        const where = random(3) === 0 ? seed.length - 1 - random(300) : random(Math.min(700, seed.length));
        mutated[where] = random(2) === 0 ? random(256) : (mutated[where] as number) ^ (1 << random(8));
      }
      return mutated;
    }
  }
}

/** A graph of many nodes is its nodes for the most part: any byte may be hit. */
function damageAnywhere(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  if (random(3) === 0) {
    return damage(seed, random);
  }
  const mutated = seed.slice();
  for (let change = random(4); change >= 0; change--) {
    const where = random(seed.length);
    mutated[where] = (mutated[where] as number) ^ (1 << random(8));
  }
  return mutated;
}
