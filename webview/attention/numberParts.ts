import type { Stack } from '../../src/attention/stack';
import type { AttentionSnapshot } from '../../src/protocol/attentionPage';
import type { StackName } from '../../src/protocol/seq2seq';
import { element } from '../common/element';
import { loadLater } from '../common/laterScript';
import type { PartName, StepsHost, StepsPart } from '../common/stepsPart';
import type { OneNumber } from './oneNumber';
import type { RunViews } from './runViews';

/** What the parts need of the page's state. */
interface Surroundings {
  readonly stack: Stack | null;
  readonly snapshot: AttentionSnapshot;
  readonly layer: number;
  readonly head: number;
  readonly number: OneNumber;
  choose(layer: number, head: number): void;
  setLens(change: { readonly stack: StackName }): void;
}

/**
 * The parts of the layer around attention: which is on show, and the script that draws them, which comes with the
 * first look at one number.
 */
export class NumberParts {
  /** Null for attention itself, up to the head's output. */
  private chosen: PartName | null = null;
  private view: StepsPart | null = null;
  private loading: Promise<void> | undefined;
  private hasFailed = false;

  constructor(
    private readonly views: RunViews,
    private readonly changed: () => void,
  ) {}

  /** The part on show, in the stack that is. */
  partIn({ stack }: Surroundings): PartName {
    return this.chosen ?? (stack?.name === 'cross' ? 'weights:cross' : 'weights:self');
  }

  /** The map and the part's step, once their script is there. */
  element(store: Surroundings, query: number): HTMLElement | null {
    const { stack, snapshot, layer, head } = store;
    if (this.hasFailed) {
      return element('p', '', { role: 'alert' }, [snapshot.strings.viewScriptFailed]);
    }
    if (!this.view) {
      this.load(store);
      return null;
    }
    if (stack) {
      const { runId, name, causal, numLayers } = stack;
      const part = this.partIn(store);
      const { strings } = snapshot;
      this.view.update({ strings, runId, stack: name, causal, numLayers, layer, head, query, part });
    }
    return this.view.element;
  }

  private load(store: Surroundings): void {
    this.loading ??= loadLater('steps', { styled: false })
      .then(
        () => {
          this.view = window.transformerScopeSteps?.(this.hostOf(store)) ?? null;
        },
        () => {
          this.hasFailed = true;
        },
      )
      .then(() => {
        this.changed();
      });
  }

  private hostOf(store: Surroundings): StepsHost {
    return {
      layerSteps: (request) => this.views.layerSteps(request),
      positions: (request) => this.views.positions(request),
      showCode: (step) => {
        store.number.showCode(step);
      },
      open: (part) => {
        this.open(part, store);
      },
      openStack: (stack) => {
        this.chosen = null;
        store.setLens({ stack });
      },
      chooseHead: (layer, head) => {
        store.choose(layer, head);
      },
    };
  }

  private open(part: PartName, store: Surroundings): void {
    const isWeights = part === 'weights:self' || part === 'weights:cross';
    this.chosen = isWeights ? null : part;
    const { stack } = store;
    const wanted = part === 'weights:cross' ? 'cross' : 'decoder';
    if (isWeights && stack && (stack.name === 'decoder' || stack.name === 'cross') && stack.name !== wanted) {
      store.setLens({ stack: wanted });
    }
    this.changed();
  }
}
