import type { Numbers, Value } from './numbers';

const meanDecay = 0.9;
const squareDecay = 0.999;
const epsilon = 1e-8;

/**
 * Adam (Kingma and Ba 2015, algorithm 1): each number goes down its gradient, averaged over the last steps, divided by
 * how large its gradients usually are. So every number moves by about the learning rate, whatever its size.
 */
export class Adam {
  private readonly moments: readonly { readonly mean: Numbers; readonly square: Numbers }[];
  private step = 0;

  constructor(
    private readonly values: readonly Value[],
    private readonly learningRate: number,
  ) {
    this.moments = values.map(({ data }) => ({ mean: data.map(() => 0), square: data.map(() => 0) }));
  }

  /** Changes the values by their gradients, and sets those to zero. */
  update(): void {
    this.step++;
    // The averages begin at zero; this undoes it.
    const meanShare = 1 - meanDecay ** this.step;
    const squareShare = 1 - squareDecay ** this.step;
    this.values.forEach(({ data, grad }, index) => {
      const { mean, square } = this.moments[index]!;
      for (let at = 0; at < data.length; at++) {
        const g = grad[at]!;
        const m = (mean[at] = meanDecay * mean[at]! + (1 - meanDecay) * g);
        const s = (square[at] = squareDecay * square[at]! + (1 - squareDecay) * g * g);
        data[at]! -= (this.learningRate * (m / meanShare)) / (Math.sqrt(s / squareShare) + epsilon);
      }
      grad.fill(0);
    });
  }
}
