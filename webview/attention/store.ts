import type { HeadIndex } from '../../src/attention/combineHeads';
import type { PatternKind } from '../../src/attention/headLabels';
import type { Thumbnails } from '../../src/protocol/attention';
import type { AttentionSnapshot, AttentionView } from '../../src/protocol/attentionPage';
import { isScopeError, toScopeError } from '../../src/protocol/errors';
import type { VsCodeApi } from '../common/vscodeApi';
import type { HeadMatrix } from './headMatrix';
import type { HeadSource } from './headSource';
import { mostInterestingHead } from './interestingHead';
import { type Lens, keptTokens, plainLens } from './lens';
import { type Picture, type Unit, pictureOf, unitsOf } from './picture';
import type { RunViews } from './runViews';
import { Predictions } from './predictions';
import { type SavedState, type Tab, loadState } from './savedState';
import type { Survey } from './survey';
import { weightsRequest } from './weightsRequest';

export type HeadState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly detail: string | undefined }
  | { readonly kind: 'ready'; readonly weights: Float32Array; readonly picture: Picture };

/** What a change touches: everything, the chosen head, or only what is pointed at (kept cheap). */
export type Change = 'snapshot' | 'head' | 'focus';

/** The state of the page. Views read it and call its verbs; it tells them what kind of thing changed. */
export class Store {
  /** The last picture; stays while a new run is busy or has failed. */
  view: AttentionView | null = null;
  layer = 0;
  head = 0;
  headState: HeadState = { kind: 'loading' };
  lens: Lens;
  /** Rows and columns of every picture of this run through this lens. Pins and pointers count these. */
  units: readonly Unit[] = [];
  /** All heads, small, without the tokens that the lens hides. */
  thumbnails: Thumbnails | null = null;
  /** What the heads do on this text; null until it is measured. */
  survey: Survey | null = null;
  /** What the heads do on repeated random tokens, when the person asked. */
  induction: 'none' | 'running' | 'failed' | Survey = 'none';
  readonly predictions: Predictions;
  /** By which pattern the overview is sorted. */
  order: PatternKind | null = null;
  pinned: number | null = null;
  tab: Tab;
  /** The unit under the pointer, in the token strip or in the lines. */
  hovered: number | null = null;
  /** The matrix cell under the pointer or the cursor. */
  cell: { readonly query: number; readonly key: number } | null = null;
  private saved: SavedState;
  private readonly listeners: ((change: Change) => void)[] = [];

  constructor(
    public snapshot: AttentionSnapshot,
    private readonly source: HeadSource,
    private readonly views: RunViews,
    private readonly api: VsCodeApi,
  ) {
    this.saved = loadState(api);
    this.tab = this.saved.tab ?? 'matrix';
    this.lens = this.saved.lens ?? plainLens;
    this.predictions = new Predictions(views, () => {
      this.emit('focus');
    });
  }

  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  setSnapshot(snapshot: AttentionSnapshot): void {
    this.snapshot = snapshot;
    const { state } = snapshot;
    if (state.kind === 'ready' && state.view.runId !== this.view?.runId) {
      this.showRun(state.view);
    }
    this.emit('snapshot');
  }

  /** The weights on show, or null while they are on their way. */
  get matrix(): HeadMatrix | null {
    return this.headState.kind === 'ready' ? this.headState.picture.matrix : null;
  }

  /** The query whose row is shown: the pinned one holds against hovering. */
  get query(): number | null {
    return this.pinned ?? this.cell?.query ?? this.hovered;
  }

  /** The pair whose number is read out. With a pinned query, a hovered unit is its key. */
  get pair(): { readonly query: number; readonly key: number } | null {
    if (this.cell) {
      return this.cell;
    }
    return this.pinned !== null && this.hovered !== null && this.hovered !== this.pinned
      ? { query: this.pinned, key: this.hovered }
      : null;
  }

  choose(layer: number, head: number): void {
    const same = layer === this.layer && head === this.head && this.headState.kind !== 'failed';
    if (same && this.lens.combination === 'head') {
      return;
    }
    this.layer = layer;
    this.head = head;
    // A head that is chosen is what one wants to see; only what varies by layer stays combined.
    const keeps = ['layerMean', 'layerMax', 'rollout'].includes(this.lens.combination);
    this.lens = keeps ? this.lens : { ...this.lens, combination: 'head', chosen: [] };
    this.save({ layer, head });
    void this.load();
  }

  /** Takes a head into the chosen set, or out of it; two or more are shown as their mean. */
  toggleChosen(head: HeadIndex): void {
    const same = (each: HeadIndex): boolean => each.layer === head.layer && each.head === head.head;
    const before = this.lens.chosen.length > 0 ? this.lens.chosen : [{ layer: this.layer, head: this.head }];
    const chosen = before.some(same) ? before.filter((each) => !same(each)) : [...before, head];
    const only = chosen.length === 1 ? chosen[0] : undefined;
    if (only) {
      this.layer = only.layer;
      this.head = only.head;
    }
    const combination =
      chosen.length < 2 ? 'head' : this.lens.combination === 'chosenMax' ? 'chosenMax' : 'chosenMean';
    this.setLens({ combination, chosen: chosen.length < 2 ? [] : chosen });
  }

  /** Changes how the weights are looked at. What is pinned stays pinned where it is still shown. */
  setLens(change: Partial<Lens>): void {
    const { view } = this;
    const before = this.lens;
    const pinnedToken = this.pinned === null ? null : (this.units[this.pinned]?.index ?? null);
    this.lens = { ...before, ...change };
    this.hovered = this.cell = null;
    if (view) {
      this.units = unitsOf(view, this.lens);
      this.pinned = pinnedToken === null ? null : this.unitOf(pinnedToken);
      if (before.hidden !== this.lens.hidden || before.renormalise !== this.lens.renormalise) {
        void this.loadThumbnails(view);
      }
    }
    this.save({});
    void this.load();
    this.emit('snapshot');
  }

  setOrder(order: PatternKind | null): void {
    this.order = order;
    this.emit('snapshot');
  }

  retryHead(): void {
    void this.load();
  }

  /** Measures the heads on random tokens that come twice. */
  async testInduction(): Promise<void> {
    const { view } = this;
    if (!view || this.induction === 'running') {
      return;
    }
    this.induction = 'running';
    this.emit('head');
    const result = await this.views.testInduction(view.runId).catch(() => 'failed' as const);
    if (this.view?.runId === view.runId) {
      this.induction = result;
      this.emit('snapshot');
    }
  }

  hover(unit: number | null): void {
    if (this.hovered !== unit || this.cell !== null) {
      this.hovered = unit;
      this.cell = null;
      this.emit('focus');
    }
  }

  point(cell: { readonly query: number; readonly key: number } | null): void {
    if (this.cell?.query !== cell?.query || this.cell?.key !== cell?.key) {
      this.cell = cell;
      this.hovered = null;
      this.emit('focus');
    }
  }

  /** Pins a unit as the query; the pinned one is released. */
  togglePin(unit: number): void {
    this.pinned = this.pinned === unit ? null : unit;
    this.save({});
    this.emit('focus');
  }

  /** Pins a unit and asks the model what it expects there. */
  predict(unit: number): void {
    const { view } = this;
    const token = this.units[unit];
    if (view && token) {
      this.pinned = unit;
      this.save({});
      void this.predictions.ask(view.runId, token.index);
      this.emit('focus');
    }
  }

  release(): void {
    if (this.pinned !== null || this.cell !== null || this.hovered !== null) {
      this.pinned = this.cell = this.hovered = null;
      this.save({});
      this.emit('focus');
    }
  }

  showTab(tab: Tab): void {
    this.tab = tab;
    this.save({ tab });
    this.emit('head');
  }

  /** The unit that shows a token of the run; null when the lens hides it. */
  unitOf(token: number): number | null {
    let found = -1;
    for (const [place, unit] of this.units.entries()) {
      if (unit.index > token) {
        break;
      }
      found = place;
    }
    const kept = this.view && keptTokens(this.view.tokens, this.lens.hidden).includes(token);
    return found >= 0 && kept ? found : null;
  }

  private showRun(view: AttentionView): void {
    const first = this.view === null;
    this.view = view;
    this.units = unitsOf(view, this.lens);
    this.thumbnails = view.thumbnails;
    this.survey = null;
    this.induction = 'none';
    this.predictions.forget();
    this.hovered = this.cell = null;
    // A pin belongs to a text; only the page's own restart may bring it back.
    this.pinned = first && this.saved.pinned !== undefined ? this.unitOf(this.saved.pinned) : null;
    const { layer, head } = this.saved;
    const exists = (index: HeadIndex): boolean =>
      index.layer < view.model.numLayers && index.head < view.model.numHeads;
    const kept = layer !== undefined && head !== undefined && exists({ layer, head });
    const choice = kept ? { layer, head } : mostInterestingHead(view);
    this.layer = choice.layer;
    this.head = choice.head;
    if (!this.lens.chosen.every(exists)) {
      this.lens = { ...this.lens, combination: 'head', chosen: [] };
    }
    void this.load();
    void this.loadThumbnails(view);
    void this.loadSurvey(view);
  }

  private async load(): Promise<void> {
    const { view, layer, head, lens } = this;
    if (!view) {
      return;
    }
    const request = weightsRequest(view, lens, layer, head);
    const isCurrent = (): boolean =>
      this.view === view && this.layer === layer && this.head === head && this.lens === lens;
    const cached = this.source.cached(request);
    this.headState = cached ? this.ready(view, cached) : { kind: 'loading' };
    this.emit('head');
    if (cached) {
      return;
    }
    try {
      const weights = await this.source.fetch(request, view.tokens.length);
      if (isCurrent()) {
        this.headState = this.ready(view, weights);
        this.emit('head');
      }
    } catch (error) {
      if (isCurrent() && !isScopeError(error, 'cancelled')) {
        this.headState = { kind: 'failed', detail: toScopeError(error).detail };
        this.emit('head');
      }
    }
  }

  private ready(view: AttentionView, weights: Float32Array): HeadState {
    return { kind: 'ready', weights, picture: pictureOf(view, weights, this.lens, this.units) };
  }

  /** The overview leaves out what the lens hides; without it the old picture stays, which is no harm. */
  private async loadThumbnails(view: AttentionView): Promise<void> {
    const { lens } = this;
    const kept = keptTokens(view.tokens, lens.hidden);
    const whole = kept.length === view.tokens.length;
    const thumbnails = whole
      ? view.thumbnails
      : await this.views.thumbnails(view.runId, kept, lens.renormalise).catch(() => null);
    if (thumbnails && this.view === view && this.lens.hidden === lens.hidden) {
      this.thumbnails = thumbnails;
      this.emit('snapshot');
    }
  }

  /** Labels come after the picture, and a run without them is still a picture. */
  private async loadSurvey(view: AttentionView): Promise<void> {
    const survey = await this.views.survey(view.runId).catch(() => null);
    if (survey && this.view === view) {
      this.survey = survey;
      this.emit('snapshot');
    }
  }

  private save(change: SavedState): void {
    const next: { -readonly [K in keyof SavedState]: SavedState[K] } = { ...this.saved, ...change };
    delete next.pinned;
    const pinned = this.pinned === null ? undefined : this.units[this.pinned]?.index;
    if (pinned !== undefined) {
      next.pinned = pinned;
    }
    next.lens = this.lens;
    this.saved = next;
    this.api.setState(this.saved);
  }

  private emit(change: Change): void {
    for (const listener of this.listeners) {
      listener(change);
    }
  }
}
