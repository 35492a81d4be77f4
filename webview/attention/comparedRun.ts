import { alignUnits } from '../../src/attention/alignUnits';
import { type Stack, stacksOf } from '../../src/attention/stack';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { type Focus, focusOf } from './focus';
import type { HeadMatrix, Link } from './headMatrix';
import type { HeadSource } from './headSource';
import { type Picture, type Unit, pictureOf, unitsOf } from './picture';
import type { Store } from './store';
import { weightsRequest } from './weightsRequest';

/** A weight here and in the run that is compared. */
export interface Difference extends Link {
  /** The other's weight of the same pair. */
  readonly other: number;
}

/**
 * The run beside the one on show: the same head through the same lens. Its axes are linked with the first's by the
 * words that both have, so that what is pointed at in one is pointed at in the other.
 */
export class ComparedRun {
  view: AttentionView | null = null;
  units: readonly Unit[] = [];
  private picture: Picture | null = null;
  private stack: Stack | null = null;
  /** For each unit of the run on show its counterpart here, or -1; and the reverse. */
  private toOther: readonly number[] = [];
  private toMain: readonly number[] = [];
  private asked = '';
  private largest: {
    readonly main: HeadMatrix;
    readonly other: HeadMatrix;
    readonly list: Difference[];
  } | null = null;

  constructor(
    private readonly main: Store,
    private readonly source: HeadSource,
    private readonly changed: () => void,
  ) {
    main.onChange((change) => {
      if (change !== 'focus') {
        void this.follow();
      }
    });
  }

  get matrix(): HeadMatrix | null {
    return this.picture?.matrix ?? null;
  }

  /** What is shown of it, once it is there. */
  get shown(): { readonly view: AttentionView; readonly picture: Picture } | null {
    const { view, picture } = this;
    return view && picture ? { view, picture } : null;
  }

  /** Which head is shown: the first's, or the nearest that there is. */
  get head(): { readonly layer: number; readonly head: number } {
    const { layer, head } = this.main;
    const { numLayers, numHeads } = this.stack ?? { numLayers: 1, numHeads: 1 };
    return { layer: Math.min(layer, numLayers - 1), head: Math.min(head, numHeads - 1) };
  }

  get pinned(): readonly number[] {
    return this.others(this.main.pinned);
  }

  get hovered(): number | null {
    return this.main.hovered === null ? null : (this.others([this.main.hovered])[0] ?? null);
  }

  get cell(): { readonly query: number; readonly key: number } | null {
    return this.main.cell && this.otherPair(this.main.cell);
  }

  get focus(): Focus | null {
    const { matrix, main } = this;
    return matrix && main.focus ? focusOf(matrix, this.others(main.focus.units), main.lens.pins) : null;
  }

  get pair(): Link | null {
    const { matrix, main } = this;
    const pair = main.pair && this.otherPair(main.pair);
    return matrix && pair ? { ...pair, weight: matrix.at(pair.query, pair.key) } : null;
  }

  /** Points at the counterpart of a cell. */
  point(cell: { readonly query: number; readonly key: number } | null): void {
    const query = cell ? (this.toMain[cell.query] ?? -1) : -1;
    const key = cell ? (this.toMain[cell.key] ?? -1) : -1;
    this.main.point(query >= 0 && key >= 0 ? { query, key } : null);
  }

  /** Keeps the counterpart of a cell: only the run on show is taken apart. */
  keepNumber(cell: { readonly query: number; readonly key: number }): void {
    const query = this.toMain[cell.query] ?? -1;
    const key = this.toMain[cell.key] ?? -1;
    if (query >= 0 && key >= 0) {
      this.main.keepNumber({ query, key });
    }
  }

  hover(unit: number | null): void {
    const counterpart = unit === null ? -1 : (this.toMain[unit] ?? -1);
    this.main.hover(counterpart >= 0 ? counterpart : null);
  }

  togglePin(unit: number, withOthers = false): void {
    const counterpart = this.toMain[unit] ?? -1;
    if (counterpart >= 0) {
      this.main.togglePin(counterpart, withOthers);
    }
  }

  /** The pairs of which both runs tell and whose weights differ most. */
  differences(count: number): readonly Difference[] {
    const [main, other] = [this.main.matrix, this.matrix];
    if (!main || !other) {
      return [];
    }
    if (this.largest?.main !== main || this.largest.other !== other) {
      const list = main.queries.flatMap((query) =>
        main.keys.flatMap((key) => {
          const pair = this.otherPair({ query, key });
          return pair
            ? [{ query, key, weight: main.at(query, key), other: other.at(pair.query, pair.key) }]
            : [];
        }),
      );
      const size = ({ weight, other: its }: Difference): number => Math.abs(weight - its);
      list.sort((a, b) => size(b) - size(a));
      this.largest = { main, other, list: list.slice(0, 100) };
    }
    return this.largest.list.slice(0, count);
  }

  /** Shows what the run on show shows. */
  private async follow(): Promise<void> {
    const { snapshot, lens, units } = this.main;
    const compared = snapshot.compared;
    if (compared?.kind !== 'ready') {
      if (compared === null && this.view) {
        this.view = this.picture = this.stack = null;
        this.asked = '';
        this.changed();
      }
      return;
    }
    const { view } = compared;
    const stacks = stacksOf(view);
    const stack = stacks.find((each) => each.name === lens.stack) ?? stacks[0];
    if (!stack) {
      return;
    }
    this.view = view;
    this.stack = stack;
    const here = this.head;
    const own = {
      ...lens,
      direction: view.secondFrom === undefined || view.stacks ? ('all' as const) : lens.direction,
      chosen: lens.chosen.filter((each) => each.layer < stack.numLayers && each.head < stack.numHeads),
    };
    const key = JSON.stringify([stack.runId, here, own, this.main.view?.runId, units.length]);
    if (key === this.asked) {
      return;
    }
    this.asked = key;
    const request = weightsRequest(stack, own, here.layer, here.head);
    try {
      const weights = this.source.cached(request) ?? (await this.source.fetch(request, stack));
      if (this.asked === key) {
        this.units = unitsOf(view, own);
        this.toOther = alignUnits(units.map(nameOf), this.units.map(nameOf));
        this.toMain = this.units.map((_, unit) => this.toOther.indexOf(unit));
        this.picture = pictureOf(view, stack, weights, own, this.units);
        this.changed();
      }
    } catch {
      // Asked for again with the next change; the host tells a failure of the run itself.
      this.asked = '';
    }
  }

  private others(units: readonly number[]): number[] {
    return units.map((unit) => this.toOther[unit] ?? -1).filter((unit) => unit >= 0);
  }

  private otherPair({
    query,
    key,
  }: {
    readonly query: number;
    readonly key: number;
  }): Omit<Link, 'weight'> | null {
    const pair = { query: this.toOther[query] ?? -1, key: this.toOther[key] ?? -1 };
    const { matrix } = this;
    const isShown = matrix?.rowOf(pair.query) !== undefined && matrix.columnOf(pair.key) !== undefined;
    return isShown ? pair : null;
  }
}

/** Vocabularies differ in blanks and capitals; the words are the same. */
function nameOf({ text }: Unit): string {
  return text.trim().toLowerCase();
}
