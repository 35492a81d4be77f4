import type { Numbers } from './numbers';
import { type TinyModel, parametersOf } from './tinyModel';

/** At most so many are kept; then every other one goes. */
const most = 120;

/** A model's weights as they were after earlier steps, so that it can be asked again as it was then. */
export class Snapshots {
  private readonly kept = new Map<number, readonly Numbers[]>();
  private interval = 1;

  /** Steps that can be gone back to, in order. */
  get steps(): readonly number[] {
    return [...this.kept.keys()];
  }

  /** Keeps the weights, if it is time to. The longer a run, the further apart they are. */
  offer(step: number, model: TinyModel): void {
    if (step % this.interval !== 0) {
      return;
    }
    this.kept.set(step, weightsOf(model));
    if (this.kept.size > most) {
      this.interval *= 2;
      [...this.kept.keys()]
        .filter((each) => each % this.interval !== 0)
        .forEach((each) => this.kept.delete(each));
    }
  }

  /**
   * Puts the weights of a step into a model.
   * @throws {RangeError} when that step was not kept
   */
  restore(step: number, model: TinyModel): void {
    const weights = this.kept.get(step);
    if (!weights) {
      throw new RangeError(`step ${step} was not kept`);
    }
    [...parametersOf(model).values()].forEach((value, index) => value.data.set(weights[index]!));
  }
}

function weightsOf(model: TinyModel): Numbers[] {
  return [...parametersOf(model).values()].map(({ data }) => data.slice());
}
