import { seededRandom } from '../prompts/random';
import type { TrainSettings } from '../protocol/train';
import { Adam } from './adam';
import { forward } from './forward';
import { lossStep } from './lossStep';
import { Tape } from './tape';
import { type Example, type Task, drawQuestion, exampleOf, numLetters, tasks } from './tasks';
import { type TinyModel, drawWeights, makeTinyModel, parametersOf } from './tinyModel';

/** Questions that are kept apart. */
export const numHeldOut = 100;

/**
 * A model, its task, and the steps by which it learns. Whatever is drawn comes from the seed: weights, held-out
 * questions and batches each from numbers of their own, so that runs of one seed begin alike where they can.
 */
export class Training {
  readonly task: Task;
  readonly model: TinyModel;
  readonly heldOut: readonly Example[];
  private readonly heldOutQuestions: ReadonlySet<string>;
  private readonly random: () => number;
  private readonly adam: Adam;
  private readonly tape = new Tape();
  private readonly evaluating = new Tape();
  private done = 0;

  constructor(readonly settings: TrainSettings) {
    const { seed, task, learningRate } = settings;
    this.task = tasks[task];
    this.model = makeTinyModel(settings);
    drawWeights(this.model, normalNumbers(seededRandom(seed)));
    this.heldOutQuestions = drawHeldOut(this.task, seededRandom(~seed));
    this.heldOut = [...this.heldOutQuestions].map((question) =>
      exampleOf(this.task, question.split(' ').map(Number)),
    );
    this.random = seededRandom(seed ^ 0x5bd1e995);
    this.adam = new Adam([...parametersOf(this.model).values()], learningRate);
  }

  /** Steps done. */
  get step(): number {
    return this.done;
  }

  get numParameters(): number {
    return [...parametersOf(this.model).values()].reduce((sum, { data }) => sum + data.length, 0);
  }

  /** One batch, its gradients, one step of Adam. @returns the batch's loss before the step, in nats */
  learn(): number {
    const batch = Array.from({ length: this.settings.batchSize }, () => this.drawExample());
    this.tape.begin();
    const logits = forward(this.tape, this.model, batch, this.settings);
    const loss = lossStep(
      this.tape,
      logits,
      batch.flatMap(({ targets }) => targets),
    );
    this.tape.backward();
    this.adam.update();
    this.done++;
    return loss;
  }

  /** Which part of the held-out answers' letters is right, 0 to 1. */
  accuracy(): number {
    this.evaluating.begin();
    const { data } = forward(this.evaluating, this.model, this.heldOut, this.settings);
    const targets = this.heldOut.flatMap((example) => example.targets);
    const right = targets.filter((target, row) => {
      const logits = data.subarray(row * numLetters, (row + 1) * numLetters);
      return logits.indexOf(Math.max(...logits)) === target;
    });
    return right.length / targets.length;
  }

  /** An example that is not held out. */
  drawExample(): Example {
    for (;;) {
      const question = drawQuestion(this.task, this.random);
      if (!this.heldOutQuestions.has(question.join(' '))) {
        return exampleOf(this.task, question);
      }
    }
  }
}

function drawHeldOut(task: Task, random: () => number): Set<string> {
  const questions = new Set<string>();
  while (questions.size < numHeldOut) {
    questions.add(drawQuestion(task, random).join(' '));
  }
  return questions;
}

/** Normally distributed numbers out of uniform ones (Box and Muller 1958). */
function normalNumbers(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
