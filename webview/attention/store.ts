import type { HeadIndex } from '../../src/attention/combineHeads';
import type { PatternKind } from '../../src/attention/headLabels';
import type { Thumbnails } from '../../src/protocol/attention';
import type { AttentionSnapshot, AttentionView } from '../../src/protocol/attentionPage';
import { isScopeError, toScopeError } from '../../src/protocol/errors';
import type { VsCodeApi } from '../common/vscodeApi';
import type { HeadMatrix } from './headMatrix';
import type { HeadSource } from './headSource';
import { mostInterestingHead } from './interestingHead';
import { LayerAnswers, readsLayers } from './layerAnswers';
import { type Lens, keptTokens, plainLens } from './lens';
import { type Picture, pictureOf, thumbnailsRequest, unitsOf } from './picture';
import { NumberParts } from './numberParts';
import { OneNumber } from './oneNumber';
import type { RunViews } from './runViews';
import { Predictions } from './predictions';
import { Pointing } from './pointing';
import { type SavedState, type Tab, loadState, readState } from './savedState';
import { type Stack, stacksOf } from '../../src/attention/stack';
import type { Survey } from './survey';
import { weightsRequest } from './weightsRequest';

export type HeadState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly detail: string | undefined }
  | { readonly kind: 'ready'; readonly weights: Float32Array; readonly picture: Picture };

/** The state of the page. Views read it and call its verbs; it tells them what kind of thing changed. */
export class Store extends Pointing {
  /** The last picture; stays while a new run is busy or has failed. */
  view: AttentionView | null = null;
  /** The kinds of attention that the run has. */
  stacks: readonly Stack[] = [];
  layer = 0;
  head = 0;
  headState: HeadState = { kind: 'loading' };
  lens: Lens;
  /** All heads, small, without the tokens that the lens hides. */
  thumbnails: Thumbnails | null = null;
  /** What the heads do on this text; null until it is measured. */
  survey: Survey | null = null;
  /** What the heads do on repeated random tokens, when the person asked. */
  induction: 'none' | 'running' | 'failed' | Survey = 'none';
  readonly predictions: Predictions;
  /** One weight, recomputed step by step. */
  readonly number: OneNumber;
  /** What a layer does beside its attention. */
  readonly parts: NumberParts;
  /** What each layer would answer at the token whose predictions are on show. */
  readonly layers: LayerAnswers;
  /** By which pattern the overview is sorted. */
  order: PatternKind | null = null;
  tab: Tab;
  private saved: SavedState;
  /** Whose layer, where one was asked for, has been opened. */
  private openedRun = -1;
  /** Who is told where the reader is. */
  private lookListener: (runId: number, look: SavedState) => void = () => undefined;

  constructor(
    public snapshot: AttentionSnapshot,
    private readonly source: HeadSource,
    private readonly views: RunViews,
    private readonly api: VsCodeApi,
  ) {
    super();
    this.saved = loadState(api);
    this.tab = this.saved.tab ?? 'matrix';
    this.lens = this.saved.lens ?? plainLens;
    const changed = (): void => {
      this.emit('focus');
    };
    this.predictions = new Predictions(views, changed);
    this.layers = new LayerAnswers(views, changed);
    this.number = new OneNumber(views, changed);
    this.parts = new NumberParts(views, changed);
  }

  setSnapshot(snapshot: AttentionSnapshot): void {
    this.snapshot = snapshot;
    const { state } = snapshot;
    if (state.kind === 'ready' && state.view.runId !== this.view?.runId) {
      this.showRun(state.view);
    }
    this.emit('snapshot');
  }

  /** Called when the reader has gone elsewhere in the run on show, and when another run is shown. */
  onLook(listener: (runId: number, look: SavedState) => void): void {
    this.lookListener = listener;
  }

  get matrix(): HeadMatrix | null {
    return this.headState.kind === 'ready' ? this.headState.picture.matrix : null;
  }

  /** The kind of attention that is shown. */
  get stack(): Stack | null {
    return this.stacks.find((stack) => stack.name === this.lens.stack) ?? this.stacks[0] ?? null;
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
    const { view, lens: before } = this;
    const pinnedTokens = this.pinned.map((unit) => this.units[unit]?.index ?? -1);
    this.lens = { ...before, ...change };
    this.hovered = this.cell = null;
    if (view) {
      const { lens } = this;
      if (before.hidden !== lens.hidden || before.byWord !== lens.byWord) {
        this.units = unitsOf(view, lens);
        this.pinned = this.unitsOfTokens(pinnedTokens);
      }
      if (before.stack !== lens.stack) {
        this.showStack();
      } else if (
        before.hidden !== lens.hidden ||
        before.renormalise !== lens.renormalise ||
        before.direction !== lens.direction
      ) {
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

  /** The picture that the run looked at can be drawn now. */
  pictureCame(): void {
    this.emit('head');
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

  /** Pins a unit and asks the model what it expects there. */
  predict(unit: number): void {
    const { view } = this;
    const token = this.units[unit];
    if (view && token) {
      this.pinned = [unit];
      this.save({});
      void this.predictions.ask(view.runId, token.index);
      if (readsLayers(view)) {
        void this.layers.follow(view.runId, token.index);
      }
      this.emit('focus');
    }
  }

  /** Keeps a cell as the number that is taken apart, until Escape lets it go. */
  keepNumber({ query, key }: { readonly query: number; readonly key: number }): void {
    const [of, to] = [this.units[query], this.units[key]];
    if (of && to) {
      this.number.keep({ query: of.index, key: to.index });
    }
  }

  override release(): void {
    this.number.keep(null);
    super.release();
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

  private unitsOfTokens(tokens: readonly number[]): number[] {
    return tokens.map((token) => this.unitOf(token)).filter((unit) => unit !== null);
  }

  private showRun(view: AttentionView): void {
    const opened = view.openLook === undefined ? null : readState(view.openLook);
    if (opened) {
      this.saved = opened;
      this.tab = opened.tab ?? 'matrix';
      this.lens = opened.lens ?? plainLens;
    }
    const bringsPins = this.view === null || opened !== null;
    this.view = view;
    this.stacks = stacksOf(view);
    if (view.secondFrom === undefined || view.stacks) {
      this.lens = { ...this.lens, direction: 'all' };
    }
    this.units = unitsOf(view, this.lens);
    this.predictions.forget();
    this.layers.forget();
    this.number.forget();
    this.hovered = this.cell = null;
    // A pin belongs to a text; only the page's own restart, or a look that was kept, may bring it back.
    const isSame = this.saved.pinnedIn === undefined || this.saved.pinnedIn === nameOf(view);
    this.pinned = bringsPins && isSame ? this.unitsOfTokens(this.saved.pinned ?? []) : [];
    const { layer, head } = this.saved;
    this.layer = layer ?? -1;
    this.head = head ?? -1;
    this.showStack();
    void this.load();
    this.tellLook();
  }

  private tellLook(): void {
    if (this.view) {
      const { layer, head, tab } = this;
      this.lookListener(this.view.runId, this.keepable({ layer, head, tab }));
    }
  }

  /** Begins to show the stack that the lens names. */
  private showStack(): void {
    const { view, stack } = this;
    if (!view || !stack) {
      return;
    }
    const exists = ({ layer, head }: HeadIndex): boolean =>
      layer >= 0 && head >= 0 && layer < stack.numLayers && head < stack.numHeads;
    // A layer that was asked for opens once; then the reader goes where they like.
    const asked = this.openedRun === view.runId ? undefined : view.openLayer;
    this.openedRun = view.runId;
    if (asked !== undefined || !exists(this)) {
      const choice = mostInterestingHead(stack, view.tokens, asked);
      this.layer = choice.layer;
      this.head = choice.head;
    }
    const { chosen, combination } = this.lens;
    const isFlow = combination === 'rollout' || combination === 'flow';
    if (!chosen.every(exists) || (isFlow && stack.name === 'cross')) {
      this.lens = { ...this.lens, combination: 'head', chosen: [] };
    }
    this.thumbnails = stack.thumbnails;
    this.survey = null;
    this.order = null;
    this.induction = 'none';
    void this.loadThumbnails(view);
    void this.loadSurvey(stack);
  }

  private async load(): Promise<void> {
    const { view, stack, layer, head, lens } = this;
    if (!view || !stack) {
      return;
    }
    const request = weightsRequest(stack, lens, layer, head);
    const isCurrent = (): boolean =>
      this.view === view && this.layer === layer && this.head === head && this.lens === lens;
    const cached = this.source.cached(request);
    this.headState = cached ? this.ready(view, stack, cached) : { kind: 'loading' };
    this.emit('head');
    if (cached) {
      return;
    }
    try {
      const weights = await this.source.fetch(request, stack);
      if (isCurrent()) {
        this.headState = this.ready(view, stack, weights);
        this.emit('head');
      }
    } catch (error) {
      if (isCurrent() && !isScopeError(error, 'cancelled')) {
        this.headState = { kind: 'failed', detail: toScopeError(error).detail };
        this.emit('head');
      }
    }
  }

  private ready(view: AttentionView, stack: Stack, weights: Float32Array): HeadState {
    return { kind: 'ready', weights, picture: pictureOf(view, stack, weights, this.lens, this.units) };
  }

  /** The overview leaves out what the lens leaves out; without it the old picture stays, which is no harm. */
  private async loadThumbnails(view: AttentionView): Promise<void> {
    const { lens, stack } = this;
    if (!stack) {
      return;
    }
    const request = thumbnailsRequest(view, stack, lens);
    const thumbnails = request ? await this.views.thumbnails(request).catch(() => null) : stack.thumbnails;
    const isCurrent =
      this.stack === stack && this.lens.hidden === lens.hidden && this.lens.direction === lens.direction;
    if (thumbnails && isCurrent) {
      this.thumbnails = thumbnails;
      this.emit('snapshot');
    }
  }

  /** Labels come after the picture, and a run without them is still a picture. */
  private async loadSurvey(stack: Stack): Promise<void> {
    const survey = await this.views.survey(stack.runId).catch(() => null);
    if (survey && this.stack === stack) {
      this.survey = survey;
      this.emit('snapshot');
    }
  }

  protected savePins(): void {
    this.save({});
  }

  private save(change: SavedState): void {
    this.saved = this.keepable(change);
    this.api.setState(this.saved);
    this.tellLook();
  }

  /** What was saved, with a change and with what is pinned now. */
  private keepable(change: SavedState): SavedState {
    const next: { -readonly [K in keyof SavedState]: SavedState[K] } = { ...this.saved, ...change };
    delete next.pinned;
    delete next.pinnedIn;
    if (this.pinned.length > 0 && this.view) {
      next.pinnedIn = nameOf(this.view);
      next.pinned = this.pinned.map((unit) => this.units[unit]?.index ?? -1);
    }
    next.lens = this.lens;
    return next;
  }
}

/** Tells texts and pictures apart. */
function nameOf({ source, tokens, text }: AttentionView): string {
  return `${source.name} ${tokens.length} ${text.slice(0, 100)}`;
}
