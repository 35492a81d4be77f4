import type { AttentionSnapshot, AttentionView } from '../../src/protocol/attentionPage';
import { isScopeError, toScopeError } from '../../src/protocol/errors';
import type { VsCodeApi } from '../common/vscodeApi';
import type { HeadMatrix } from './headMatrix';
import type { HeadSource } from './headSource';
import { mostInterestingHead } from './interestingHead';
import { type SavedState, type Tab, loadState } from './savedState';

export type HeadState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly detail: string | undefined }
  | { readonly kind: 'ready'; readonly matrix: HeadMatrix };

/** What a change touches: everything, the chosen head, or only what is pointed at (kept cheap). */
export type Change = 'snapshot' | 'head' | 'focus';

/** The state of the page. Views read it and call its verbs; it tells them what kind of thing changed. */
export class Store {
  /** The last picture; stays while a new run is busy or has failed. */
  view: AttentionView | null = null;
  layer = 0;
  head = 0;
  headState: HeadState = { kind: 'loading' };
  pinned: number | null = null;
  tab: Tab;
  /** The token under the pointer, in the token strip or in the lines. */
  hovered: number | null = null;
  /** The matrix cell under the pointer or the cursor. */
  cell: { readonly query: number; readonly key: number } | null = null;
  private saved: SavedState;
  private readonly listeners: ((change: Change) => void)[] = [];

  constructor(
    public snapshot: AttentionSnapshot,
    private readonly source: HeadSource,
    private readonly api: VsCodeApi,
  ) {
    this.saved = loadState(api);
    this.tab = this.saved.tab ?? 'matrix';
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

  /** The weights of the chosen head, or null while they are on their way. */
  get matrix(): HeadMatrix | null {
    return this.headState.kind === 'ready' ? this.headState.matrix : null;
  }

  /** The query whose row is shown: the pinned one holds against hovering. */
  get query(): number | null {
    return this.pinned ?? this.cell?.query ?? this.hovered;
  }

  /** The pair whose number is read out. With a pinned query, a hovered token is its key. */
  get pair(): { readonly query: number; readonly key: number } | null {
    if (this.cell) {
      return this.cell;
    }
    return this.pinned !== null && this.hovered !== null && this.hovered !== this.pinned
      ? { query: this.pinned, key: this.hovered }
      : null;
  }

  choose(layer: number, head: number): void {
    if (layer === this.layer && head === this.head && this.headState.kind !== 'failed') {
      return;
    }
    this.layer = layer;
    this.head = head;
    this.save({ layer, head });
    void this.load();
  }

  retryHead(): void {
    void this.load();
  }

  hover(token: number | null): void {
    if (this.hovered !== token || this.cell !== null) {
      this.hovered = token;
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

  /** Pins a token as the query; the pinned one is released. */
  togglePin(token: number): void {
    this.pinned = this.pinned === token ? null : token;
    this.save({});
    this.emit('focus');
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

  private showRun(view: AttentionView): void {
    const first = this.view === null;
    this.view = view;
    this.hovered = this.cell = null;
    // A pin belongs to a text; only the page's own restart may bring it back.
    this.pinned =
      first && (this.saved.pinned ?? Infinity) < view.tokens.length ? (this.saved.pinned ?? null) : null;
    const { layer, head } = this.saved;
    const { numLayers, numHeads } = view.model;
    const kept = layer !== undefined && head !== undefined && layer < numLayers && head < numHeads;
    const choice = kept ? { layer, head } : mostInterestingHead(view);
    this.layer = choice.layer;
    this.head = choice.head;
    void this.load();
  }

  private async load(): Promise<void> {
    const { view, layer, head } = this;
    if (!view) {
      return;
    }
    const request = { runId: view.runId, layer, head };
    const isCurrent = (): boolean => this.view === view && this.layer === layer && this.head === head;
    const cached = this.source.cached(request);
    this.headState = cached ? { kind: 'ready', matrix: cached } : { kind: 'loading' };
    this.emit('head');
    if (cached) {
      return;
    }
    try {
      const matrix = await this.source.fetch(request, view.tokens.length);
      if (isCurrent()) {
        this.headState = { kind: 'ready', matrix };
        this.emit('head');
      }
    } catch (error) {
      if (isCurrent() && !isScopeError(error, 'cancelled')) {
        this.headState = { kind: 'failed', detail: toScopeError(error).detail };
        this.emit('head');
      }
    }
  }

  private save(change: SavedState): void {
    const next: { -readonly [K in keyof SavedState]: SavedState[K] } = { ...this.saved, ...change };
    delete next.pinned;
    if (this.pinned !== null) {
      next.pinned = this.pinned;
    }
    this.saved = next;
    this.api.setState(this.saved);
  }

  private emit(change: Change): void {
    for (const listener of this.listeners) {
      listener(change);
    }
  }
}
