import { seededRandom } from '../prompts/random';
import type { HeldOut, TrainFacts, TrainLook, TrainSettings } from '../protocol/train';
import { chanceOf } from './chance';
import { lookAt, scratchRun } from './scratchRun';
import { Snapshots } from './snapshots';
import { type Example, drawQuestion, exampleOf, parseQuestion, questionText } from './tasks';
import { makeTinyModel } from './tinyModel';
import { Training, numHeldOut } from './training';

/** Steps from one test on held-out questions to the next. */
const testInterval = 10;
/** A loss so many times that of guessing has left all sense: weights only grow from there. */
const divergedFactor = 20;

/** A training with everything of it that is shown: its losses, tests, earlier weights, and one question asked along. */
export class RecordedTraining {
  readonly losses: number[] = [];
  readonly heldOut: HeldOut[] = [];
  readonly facts: TrainFacts;
  private readonly training: Training;
  private readonly snapshots = new Snapshots();
  private readonly drawing: () => number;
  private example: Example;
  private shown = '';

  /** @param question what is asked along; undefined, or one of another task: a drawn one */
  constructor(settings: TrainSettings, question?: string) {
    this.training = new Training(settings);
    const { task, model, numParameters } = this.training;
    this.drawing = seededRandom(settings.seed + 1);
    const chance = chanceOf(task);
    this.facts = {
      numParameters,
      length: task.length,
      chanceLoss: chance.loss,
      chanceAccuracy: chance.accuracy,
      numHeldOut,
    };
    this.example = this.exampleFor(question) ?? this.drawExample();
    this.snapshots.offer(0, model);
    this.heldOut.push({ step: 0, accuracy: this.training.accuracy() });
  }

  get step(): number {
    return this.training.step;
  }

  get question(): string {
    return this.shown;
  }

  get snapshotSteps(): readonly number[] {
    return this.snapshots.steps;
  }

  /** Whether going on makes no sense: the loss is no number any more, or far beyond guessing. */
  get hasDiverged(): boolean {
    const last = this.losses.at(-1) ?? 0;
    return !(last < divergedFactor * this.facts.chanceLoss);
  }

  /** One step, and the test that is due after it. */
  learn(): void {
    this.losses.push(this.training.learn());
    this.snapshots.offer(this.step, this.training.model);
    if (this.step % testInterval === 0) {
      this.heldOut.push({ step: this.step, accuracy: this.training.accuracy() });
    }
  }

  /** Asks something else along; undefined draws it. @returns whether it is a question of this task */
  ask(question?: string): boolean {
    const example = question === undefined ? this.drawExample() : this.exampleFor(question);
    if (!example) {
      return false;
    }
    this.example = example;
    return true;
  }

  /** The question on show, as the model answers it now. */
  look(): TrainLook {
    return lookAt(
      this.step,
      this.example,
      scratchRun(this.training.model, this.example, this.training.settings),
    );
  }

  /**
   * The same question, as the model answered it after an earlier step.
   * @throws {RangeError} when that step was not kept
   */
  lookBack(step: number): TrainLook {
    const { settings } = this.training;
    const model = makeTinyModel(settings);
    this.snapshots.restore(step, model);
    return lookAt(step, this.example, scratchRun(model, this.example, settings));
  }

  private exampleFor(question: string | undefined): Example | undefined {
    const parsed = question === undefined ? undefined : parseQuestion(this.training.task, question);
    if (parsed) {
      this.shown = questionText(parsed);
    }
    return parsed && exampleOf(this.training.task, parsed);
  }

  private drawExample(): Example {
    const question = drawQuestion(this.training.task, this.drawing);
    this.shown = questionText(question);
    return exampleOf(this.training.task, question);
  }
}
