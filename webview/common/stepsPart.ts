import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { LayerSteps, LayerStepsRequest } from '../../src/protocol/layerSteps';
import type { CodeStep } from '../../src/protocol/oneNumber';
import type { Positions, PositionsRequest } from '../../src/protocol/positions';
import type { StackName } from '../../src/protocol/seq2seq';

/** What the attention page and the script with the parts of a layer know of each other; that comes when it is needed. */

/** A part of a block. `weights` is attention itself, up to the head's output, which the page shows. */
export type PartName =
  | 'positions'
  | 'forward'
  | 'weights:self'
  | 'weights:cross'
  | `${'heads' | 'add' | 'norm'}:${'self' | 'cross' | 'feedForward'}`;

export interface StepsState {
  readonly strings: AttentionStrings;
  readonly runId: number;
  readonly stack: StackName | 'only';
  readonly causal: boolean;
  readonly numLayers: number;
  readonly layer: number;
  readonly head: number;
  /** The token that is followed, counted from the stack's first. */
  readonly query: number;
  readonly part: PartName;
}

/** What the parts ask of the page. */
export interface StepsHost {
  layerSteps(request: LayerStepsRequest): Promise<LayerSteps>;
  positions(request: PositionsRequest): Promise<Positions>;
  showCode(step: CodeStep): void;
  /** Shows another part; attention of another kind means another stack. */
  open(part: PartName): void;
  openStack(stack: StackName): void;
  chooseHead(layer: number, head: number): void;
}

/** The map of a layer and the part that is on show. */
export interface StepsPart {
  readonly element: HTMLElement;
  update(state: StepsState): void;
}

declare global {
  interface Window {
    /** Set by the script when it has come. */
    transformerScopeSteps?: (host: StepsHost) => StepsPart;
  }
}
