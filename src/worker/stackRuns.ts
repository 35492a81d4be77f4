import type { StackLayer } from '../inference/seq2seqGraphs';
import { ScopeError } from '../protocol/errors';
import type { StackName, StackShape } from '../protocol/seq2seq';

/** The three stacks of an encoder-decoder's run. */
export type Stacks = Readonly<Record<StackName, readonly StackLayer[]>>;

/** The last run of each owner, whose heads are asked for one by one. */
export class StackRuns {
  private readonly runs = new Map<string, { readonly runId: number; readonly stacks: Stacks }>();
  private nextRunId = 1;

  /** Keeps a run in place of the owner's last one. @returns its id */
  keep(owner: string, stacks: Stacks): number {
    const runId = this.nextRunId++;
    this.runs.set(owner, { runId, stacks });
    return runId;
  }

  release(owner: string): void {
    this.runs.delete(owner);
  }

  /** @throws {ScopeError} `runExpired`, or `badRequest` for a head that there is not */
  head(runId: number, stack: StackName, layer: number, head: number): { readonly weights: ArrayBuffer } {
    const run = [...this.runs.values()].find((each) => each.runId === runId);
    if (!run) {
      throw new ScopeError('runExpired');
    }
    const found = run.stacks[stack][layer];
    if (!found || !Number.isInteger(head) || head < 0 || head >= found.numHeads) {
      throw new ScopeError('badRequest', `${stack}, layer ${layer}, head ${head}`);
    }
    const cells = found.numQueries * found.numKeys;
    return { weights: found.data.slice(head * cells, (head + 1) * cells).buffer };
  }
}

export function shapesOf({ encoder, decoder, cross }: Stacks): Record<StackName, StackShape> {
  return { encoder: shapeOf(encoder), decoder: shapeOf(decoder), cross: shapeOf(cross) };
}

function shapeOf(layers: readonly StackLayer[]): StackShape {
  const { numHeads = 0, numQueries = 0, numKeys = 0 } = layers[0] ?? {};
  return { numLayers: layers.length, numHeads, numQueries, numKeys };
}
