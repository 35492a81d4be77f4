import { type TemplateResult, html } from 'lit';
import { attentionBetweenGroups } from '../../src/attention/words';
import { type Both, type Reading, type Side, isMissing, sides } from '../../src/protocol/compare';
import { fill, formatWeight } from '../common/format';
import { type Cell, axisOf, betweenWords, runSize, wordGroups } from './axes';
import { headsOf } from './headGrid';
import { HeadWeightsSource } from './headWeights';
import { type MatrixScene, isBlocked } from './matrixPaint';
import type { ShownHead } from './sharesTable';
import type { Store } from './store';
import type { Verbs } from './verbs';

/** The head of each model that is looked at: its weights, as matrices on one colour scale, and its numbers. */
export class HeadPair {
  scenes: Both<MatrixScene | null> = { left: null, right: null };
  /** The cell that is pointed at, and in which matrix. */
  cell: { readonly side: Side; readonly cell: Cell } | null = null;
  private readonly weights: HeadWeightsSource;
  private drawnFrom: readonly unknown[] = [];

  constructor(
    private readonly store: Store,
    verbs: Verbs,
  ) {
    this.weights = new HeadWeightsSource(store, verbs);
  }

  retry(): void {
    this.weights.retry();
  }

  /** Layer and head of a side: the chosen ones, or its last. */
  chosen(reading: Reading, side: Side): { readonly layer: number; readonly head: number } {
    const run = reading[side];
    const { look } = this.store;
    const { numLayers, numHeads } = isMissing(run) ? { numLayers: 1, numHeads: 1 } : headsOf(run);
    return { layer: Math.min(look.layer, numLayers - 1), head: Math.min(look.head, numHeads - 1) };
  }

  shown(reading: Reading, side: Side): ShownHead | null {
    const run = reading[side];
    if (isMissing(run)) {
      return null;
    }
    const { layer, head } = this.chosen(reading, side);
    const weights = this.weights.get(run, layer, head);
    return { layer, head, n: runSize(run), causal: run.causal, weights };
  }

  /** Both matrices on one colour scale; made anew only when what they show has changed. */
  update(reading: Reading): void {
    const { axes, special } = this.store.look;
    const shown = { left: this.shown(reading, 'left'), right: this.shown(reading, 'right') };
    const from = [reading, axes, special, shown.left?.weights, shown.right?.weights];
    if (from.every((each, index) => each === this.drawnFrom[index]) && this.drawnFrom.length > 0) {
      return;
    }
    this.drawnFrom = from;
    this.cell = null;
    const made = (side: Side): Omit<MatrixScene, 'max'> | null => {
      const head = shown[side];
      const axis = axisOf(reading, side, { axes, special });
      if (!head || !(head.weights instanceof Float32Array) || axis.length === 0) {
        return null;
      }
      const groups = axis.map(({ group }) => group);
      const weights = attentionBetweenGroups(head.weights, head.n, groups, groups);
      return { axis, weights, causal: head.causal };
    };
    const both = { left: made('left'), right: made('right') };
    const max = Math.max(
      ...sides.map((side) => both[side]?.weights.reduce((a, b) => Math.max(a, b), 0) ?? 0),
    );
    const withMax = (scene: Omit<MatrixScene, 'max'> | null): MatrixScene | null =>
      scene && { ...scene, max };
    this.scenes = { left: withMax(both.left), right: withMax(both.right) };
  }

  /** What both models give for the pair of words that is pointed at. */
  readout(reading: Reading): TemplateResult | string {
    const { strings } = this.store;
    this.update(reading);
    if (!this.cell) {
      return strings.readoutHint;
    }
    const { side, cell } = this.cell;
    const scene = this.scenes[side];
    const [query, key] = [scene?.axis[cell.row], scene?.axis[cell.column]];
    if (!scene || !query || !key) {
      return strings.readoutHint;
    }
    if (query.word < 0 || key.word < 0) {
      // A special token is this model's own.
      const weight = scene.weights[cell.row * scene.axis.length + cell.column] ?? 0;
      return fill(strings.readoutOne, query.label, key.label, this.store.nameOf(side), formatWeight(weight));
    }
    const names = [query.word, key.word].map((word) => reading.words[word]?.text ?? '') as [string, string];
    const numbers = sides.map(
      (each) => `${this.store.nameOf(each)} ${this.wordWeight(reading, each, query.word, key.word)}`,
    );
    const words = fill(strings.readoutPair, ...names, numbers.join(', '));
    const isPart =
      query.group.end - query.group.start + key.group.end - key.group.start > 0 &&
      this.store.look.axes === 'tokens';
    const own = scene.weights[cell.row * scene.axis.length + cell.column] ?? 0;
    return isPart
      ? html`${fill(strings.readoutOne, query.label, key.label, this.store.nameOf(side), formatWeight(own))}
          <span class="quiet">${fill(strings.readoutAsWords, words)}</span>`
      : words;
  }

  private wordWeight(reading: Reading, side: Side, query: number, key: number): string {
    const run = reading[side];
    const head = this.shown(reading, side);
    if (isMissing(run) || !head || !(head.weights instanceof Float32Array)) {
      return '–';
    }
    const groups = wordGroups(run, reading.wordOf[side]);
    const [from, to] = [groups.get(query), groups.get(key)];
    if (!from || !to) {
      return '–';
    }
    const blocked =
      head.causal && isBlocked({ group: from, label: '', word: query }, { group: to, label: '', word: key });
    return blocked
      ? this.store.strings.mayNotLook
      : formatWeight(betweenWords(head.weights, head.n, from, to));
  }
}
