import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainSettings, TrainTask } from '../../src/protocol/train';
import { Adam } from '../../src/train/adam';
import { attentionStep } from '../../src/train/attentionStep';
import { addRowsStep, addStep, reluStep } from '../../src/train/elementSteps';
import { embeddingStep } from '../../src/train/embeddingStep';
import { forward } from '../../src/train/forward';
import { linearStep } from '../../src/train/linearStep';
import { lossStep } from '../../src/train/lossStep';
import { normStep } from '../../src/train/normStep';
import { type Value, makeValue } from '../../src/train/numbers';
import { addProduct, turned, view } from '../../src/train/product';
import { firstSettings } from '../../src/train/presets';
import { Tape } from '../../src/train/tape';
import { exampleOf, tasks } from '../../src/train/tasks';
import { makeTinyModel, parametersOf } from '../../src/train/tinyModel';
import { seededRandom } from '../../src/prompts/random';
import { type Packed, type Parameters, assertClose, numbersOf } from '../fixtures/scratch/fixtures';

/** Double precision throughout: a difference quotient of single numbers is mostly noise. */
const random = seededRandom(7);

function drawn(rows: number, columns: number): Value {
  const value = makeValue(rows, columns, Float64Array);
  value.data.forEach((_, at) => (value.data[at] = 2 * random() - 1));
  return value;
}

/** Holds the gradients of `loss` against central differences, for every number of the operands. */
function checkGradients(operands: Readonly<Record<string, Value>>, loss: (tape: Tape) => number): void {
  const tape = new Tape(Float64Array);
  const compute = (): number => {
    tape.begin();
    return loss(tape);
  };
  Object.values(operands).forEach(({ grad }) => grad.fill(0));
  compute();
  tape.backward();
  const width = 1e-6;
  for (const [name, { data, grad }] of Object.entries(operands)) {
    let largest = 0;
    for (let at = 0; at < data.length; at++) {
      const kept = data[at]!;
      data[at] = kept + width;
      const above = compute();
      data[at] = kept - width;
      const below = compute();
      data[at] = kept;
      const difference = Math.abs((above - below) / (2 * width) - grad[at]!);
      assert.ok(difference < 1e-8, `${name}[${at}]: ${grad[at]} is ${difference} away from the quotient`);
      largest = Math.max(largest, Math.abs(grad[at]!));
    }
    assert.ok(largest > 1e-4, `${name} has gradients`);
  }
}

/** A loss of any result: its rows as logits. */
function lossOf(tape: Tape, result: Value): number {
  return lossStep(
    tape,
    result,
    Array.from({ length: result.rows }, (_, row) => row % result.columns),
  );
}

describe('gradients of a tiny transformer', () => {
  it('multiply matrices of any shape as the sum over products does', () => {
    for (const [rows, inner, columns] of [
      [1, 1, 1],
      [4, 4, 4],
      [5, 3, 7],
      [9, 8, 6],
    ] as const) {
      const [a, b, c] = [drawn(rows, inner), drawn(columns, inner), makeValue(rows, columns, Float64Array)];
      c.data.fill(1);
      addProduct(
        view(c.data, columns),
        view(a.data, inner),
        turned(view(b.data, inner)),
        [rows, inner, columns],
        2,
      );
      c.data.forEach((found, at) => {
        const [row, column] = [Math.floor(at / columns), at % columns];
        let sum = 0;
        for (let i = 0; i < inner; i++) {
          sum += a.data[row * inner + i]! * b.data[column * inner + i]!;
        }
        assert.ok(Math.abs(found - 1 - 2 * sum) < 1e-12);
      });
    }
  });

  it('equal difference quotients for every operation', () => {
    const [x, y, table] = [drawn(6, 4), drawn(6, 4), drawn(5, 4)];
    const linear = { weight: drawn(4, 7), bias: drawn(1, 7) };
    checkGradients({ x, ...linear }, (tape) => lossOf(tape, linearStep(tape, linear, x)));
    checkGradients({ x, y }, (tape) => lossOf(tape, addStep(tape, x, y)));
    checkGradients({ x }, (tape) =>
      lossOf(tape, addRowsStep(tape, x, Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8]))),
    );
    checkGradients({ x }, (tape) => lossOf(tape, reluStep(tape, x)));
    checkGradients({ table }, (tape) => lossOf(tape, embeddingStep(tape, table, [0, 4, 4, 1, 3, 2, 4])));
    const norm = { scale: drawn(1, 4), shift: drawn(1, 4) };
    checkGradients({ x, ...norm }, (tape) => lossOf(tape, normStep(tape, norm, x)));
  });

  it('equal difference quotients for attention, with several heads and sequences, causal or not', () => {
    for (const causal of [false, true]) {
      const operands = { q: drawn(6, 4), k: drawn(6, 4), v: drawn(6, 4) };
      const heads = { numHeads: 2, positions: 3, causal };
      checkGradients(operands, (tape) => lossOf(tape, attentionStep(tape, operands, heads)));
    }
  });

  it('equal difference quotients through the whole model', () => {
    for (const positions of ['none', 'learned', 'sinusoidal'] as const) {
      const settings: TrainSettings = {
        ...firstSettings,
        modelWidth: 4,
        numLayers: 2,
        numHeads: 2,
        positions,
      };
      const model = makeTinyModel(settings, Float64Array);
      const parameters = parametersOf(model);
      for (const { data } of parameters.values()) {
        data.forEach((value, at) => (data[at] = value + random() - 0.5));
      }
      const examples = [
        [0, 1, 2, 3, 4],
        [7, 6, 5, 5, 0],
      ].map((question) => exampleOf(tasks.reverse, question));
      // The bias of keys adds the same to every score of a row, so nothing depends on it.
      const checked = [...parameters].filter(([name]) => !name.endsWith('key.bias'));
      checkGradients(Object.fromEntries(checked), (tape) =>
        lossStep(
          tape,
          forward(tape, model, examples, { numHeads: 2, causal: false }),
          examples.flatMap(({ targets }) => targets),
        ),
      );
    }
  });
});

interface Expected {
  readonly numHeads: number;
  readonly modelWidth: number;
  readonly numLayers: number;
  readonly learningRate: number;
  readonly cases: Readonly<
    Record<
      string,
      {
        readonly questions: readonly (readonly number[])[];
        readonly learned: boolean;
        readonly causal: boolean;
        readonly losses: readonly number[];
        readonly start: Parameters;
        readonly gradients: Parameters;
        readonly end: Parameters;
      }
    >
  >;
}

describe('training beside PyTorch', () => {
  const file = join(__dirname, '..', 'fixtures', 'train', 'expected.json');
  const { cases, ...shape } = JSON.parse(readFileSync(file, 'utf8')) as Expected;

  for (const [task, expected] of Object.entries(cases)) {
    it(`has its losses, gradients and weights after three steps: ${task}`, () => {
      const settings: TrainSettings = {
        ...firstSettings,
        ...shape,
        task: task as TrainTask,
        positions: expected.learned ? 'learned' : 'none',
        causal: expected.causal,
      };
      const model = makeTinyModel(settings);
      const parameters = parametersOf(model);
      assert.deepEqual([...parameters.keys()].sort(), Object.keys(expected.start).sort());
      const packed = (from: Parameters, name: string): Float32Array => numbersOf(from[name] as Packed);
      parameters.forEach(({ data }, name) => data.set(packed(expected.start, name)));
      const examples = expected.questions.map((question) => exampleOf(tasks[settings.task], question));
      const tape = new Tape();
      const adam = new Adam([...parameters.values()], settings.learningRate);
      expected.losses.forEach((loss, step) => {
        tape.begin();
        const found = lossStep(
          tape,
          forward(tape, model, examples, settings),
          examples.flatMap(({ targets }) => targets),
        );
        assert.ok(Math.abs(found - loss) < 1e-5, `step ${step}: ${found}, PyTorch ${loss}`);
        tape.backward();
        if (step === 0) {
          parameters.forEach(({ grad }, name) =>
            assertClose(grad as Float32Array, packed(expected.gradients, name), 1e-6, `gradient of ${name}`),
          );
        }
        adam.update();
      });
      // Adam divides the gradient by its size: where that is only rounding noise, the direction is noise too.
      parameters.forEach(({ data }, name) => {
        if (!name.endsWith('key.bias')) {
          assertClose(data as Float32Array, packed(expected.end, name), 1e-5, name);
        }
      });
    });
  }
});
