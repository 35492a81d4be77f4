import assert from 'node:assert/strict';
import { type TrainSettings, type TrainTask, trainTasks } from '../../src/protocol/train';
import { chanceOf } from '../../src/train/chance';
import { checkSettings } from '../../src/train/checkSettings';
import { forward } from '../../src/train/forward';
import { firstSettings, presetIds, presets } from '../../src/train/presets';
import { RecordedTraining } from '../../src/train/recordedTraining';
import { scratchRun } from '../../src/train/scratchRun';
import { Tape } from '../../src/train/tape';
import {
  drawQuestion,
  exampleOf,
  numLetters,
  parseQuestion,
  questionText,
  tasks,
} from '../../src/train/tasks';
import { Training } from '../../src/train/training';
import { seededRandom } from '../../src/prompts/random';

describe('the tasks of training', () => {
  it('have the answers that a person would give', () => {
    const answer = (task: TrainTask, text: string): string | undefined => {
      const question = parseQuestion(tasks[task], text);
      return (
        question &&
        tasks[task]
          .answer(question)
          .map((letter) => 'abcdefgh'[letter])
          .join('')
      );
    };
    assert.equal(answer('copy', 'h e a d c'), 'headc');
    assert.equal(answer('reverse', 'h e a d c'), 'cdaeh');
    assert.equal(answer('sort', 'h, E，a ccd'.replace('cc', 'c')), 'acdeh');
    assert.equal(answer('sort', 'hbbah'), 'abbhh');
    assert.equal(answer('pick', 'a b c *d e f g h'), 'd');
  });

  it('refuse what is no question of theirs', () => {
    for (const text of ['', 'abcd', 'abcdef', 'abcdz', 'ab*cde', '12345', 'a b c d 😀']) {
      assert.equal(parseQuestion(tasks.reverse, text), undefined, text);
    }
    for (const text of ['abcdefgh', '*abcdefg*h', 'abcdefg*', 'a**bcdefgh']) {
      assert.equal(parseQuestion(tasks.pick, text), undefined, text);
    }
  });

  it('are read again as they are written', () => {
    const random = seededRandom(3);
    for (const task of trainTasks) {
      const question = drawQuestion(tasks[task], random);
      assert.deepEqual(parseQuestion(tasks[task], questionText(question)), question);
    }
  });

  it('know what guessing brings', () => {
    assert.ok(Math.abs(chanceOf(tasks.reverse).loss - Math.log(8)) < 1e-12);
    assert.equal(chanceOf(tasks.pick).accuracy, 1 / 8);
    // By hand: the first of five sorted letters is an `a` unless all five are others, 1 − (7/8)⁵; the last an `h`
    // alike. The middle one is a `d` (or an `e`) when at most two are below and at least three up to it.
    const { accuracy } = chanceOf(tasks.sort);
    const ends = 1 - (7 / 8) ** 5;
    const atMost = (p: number, count: number): number =>
      [1, 5, 10, 10, 5, 1]
        .slice(0, count + 1)
        .reduce((sum, ways, k) => sum + ways * p ** k * (1 - p) ** (5 - k), 0);
    const place = (below: number, blank: number): number =>
      atMost(below, blank) - atMost(below + 1 / 8, blank);
    const second = Math.max(...Array.from({ length: 8 }, (_, letter) => place(letter / 8, 1)));
    const middle = place(3 / 8, 2);
    assert.ok(Math.abs(accuracy - (2 * ends + 2 * second + middle) / 5) < 1e-12, String(accuracy));
  });
});

describe('the settings of training', () => {
  it('are those that are offered, whoever sends them', () => {
    presets.forEach(({ settings }) => assert.deepEqual(checkSettings(settings), settings));
    const others: Partial<Record<keyof TrainSettings, unknown>>[] = [
      { task: 'add' },
      { numHeads: 3 },
      { modelWidth: 4096 },
      { numLayers: 0 },
      { positions: 'rotary' },
      { causal: 1 },
      { learningRate: NaN },
      { learningRate: 0 },
      { learningRate: '0.1' },
      { batchSize: 1e6 },
      { seed: -1 },
      { seed: 0.5 },
      { seed: undefined },
    ];
    for (const other of others) {
      const settings = { ...firstSettings, ...other } as TrainSettings;
      assert.throws(() => checkSettings(settings), { code: 'badRequest' }, JSON.stringify(other));
    }
  });
});

describe('a tiny transformer that learns', function () {
  this.timeout(60_000);

  it('has a preset for every name, each a different run', () => {
    assert.deepEqual(
      presets.map(({ id }) => id),
      [...presetIds],
    );
    assert.equal(new Set(presets.map(({ settings }) => JSON.stringify(settings))).size, presets.length);
  });

  for (const { id, settings, outcome } of presets) {
    it(`comes to what the experiment says: ${id}`, () => {
      const training = new RecordedTraining(settings);
      while (training.step < outcome.step && !training.hasDiverged) {
        training.learn();
      }
      assert.equal(training.hasDiverged, outcome.diverges);
      if (!outcome.diverges) {
        const { step, accuracy } = training.heldOut.at(-1)!;
        assert.equal(step, outcome.step);
        assert.ok(accuracy >= outcome.least && accuracy <= outcome.most, `held-out accuracy ${accuracy}`);
      }
    });
  }

  it('computes what the transformer from scratch computes, blank by blank', () => {
    const training = new Training({
      ...firstSettings,
      numHeads: 4,
      numLayers: 2,
      causal: true,
      positions: 'learned',
    });
    training.learn();
    const example = exampleOf(training.task, [1, 7, 0, 3, 3]);
    const { logits, attention } = scratchRun(training.model, example, training.settings);
    const other = exampleOf(training.task, [5, 5, 2, 6, 4]);
    const { data } = forward(new Tape(), training.model, [other, example], training.settings);
    const own = data.subarray(5 * numLetters);
    assert.equal(own.length, logits.data.length);
    own.forEach((value, at) => assert.ok(Math.abs(value - logits.data[at]!) < 1e-5));
    const positions = example.tokens.length;
    assert.equal(attention.length, 2 * 4 * positions ** 2);
    for (let row = 0; row < attention.length; row += positions) {
      const sum = attention.subarray(row, row + positions).reduce((total, weight) => total + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-5);
    }
  });

  it('repeats itself by its seed, whatever is asked meanwhile, and by no other', () => {
    const run = (seed: number, asks: boolean): number[] => {
      const training = new RecordedTraining({ ...firstSettings, seed });
      for (let step = 0; step < 12; step++) {
        training.learn();
        if (asks) {
          training.ask();
          training.look();
        }
      }
      return [...training.losses, training.heldOut.at(-1)!.accuracy];
    };
    assert.deepEqual(run(5, true), run(5, false));
    assert.notDeepEqual(run(5, false), run(6, false));
  });

  it('answers as it did after an earlier step, also what is asked only now', () => {
    const training = new RecordedTraining(firstSettings, 'a b c d e');
    const looks = new Map([[0, training.look()]]);
    for (let step = 1; step <= 130; step++) {
      training.learn();
      if (step === 64 || step === 130) {
        looks.set(step, training.look());
      }
    }
    const steps = training.snapshotSteps;
    assert.ok(steps.length <= 120 && steps[0] === 0, String(steps.length));
    looks.forEach((look, step) => {
      assert.ok(steps.includes(step), String(step));
      assert.deepEqual(training.lookBack(step), look);
    });
    assert.throws(() => training.lookBack(63), RangeError);
    assert.ok(training.ask('hhaab'));
    assert.ok(!training.ask('hha'));
    assert.equal(training.question, 'h h a a b');
    assert.deepEqual(training.lookBack(64).targets, ['b', 'a', 'a', 'h', 'h']);
    // The way back did not change what is there now.
    assert.equal(training.look().step, 130);
  });

  it('never sees a held-out question', () => {
    const training = new Training(firstSettings);
    assert.equal(new Set(training.heldOut.map(({ tokens }) => tokens.join())).size, 100);
    // In a task this small every question comes up before long; so they are counted where they are drawn.
    const drawn = new Set(training.heldOut.map(({ tokens }) => tokens.join()));
    for (let count = 0; count < 40_000; count++) {
      assert.ok(!drawn.has(training.drawExample().tokens.join()));
    }
  });
});
