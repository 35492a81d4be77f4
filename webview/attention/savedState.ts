import type { VsCodeApi } from '../common/vscodeApi';
import { stackNames } from '../../src/protocol/seq2seq';
import { type Lens, combinations, directions, plainLens, sinkKinds } from './lens';

export type Tab = 'matrix' | 'lines';

/** What outlives the page: where the reader was looking, never what was computed. */
export interface SavedState {
  readonly layer?: number;
  readonly head?: number;
  /** The tokens, counted in the whole run. */
  readonly pinned?: readonly number[];
  /** Which text or picture they are pinned in. */
  readonly pinnedIn?: string;
  readonly tab?: Tab;
  readonly lens?: Lens;
}

/** Reads what VS Code kept for the page. */
export function loadState(api: VsCodeApi): SavedState {
  return readState(api.getState());
}

/** Reads a state that was saved; it may come from another version, so nothing in it is believed. */
export function readState(raw: unknown): SavedState {
  if (typeof raw !== 'object' || raw === null) {
    return {};
  }
  const { layer, head, pinned, pinnedIn, tab, lens } = raw as Readonly<Record<keyof SavedState, unknown>>;
  return {
    ...(isIndex(layer) && isIndex(head) ? { layer, head } : {}),
    ...(Array.isArray(pinned) ? { pinned: pinned.filter(isIndex) } : {}),
    ...(typeof pinnedIn === 'string' ? { pinnedIn } : {}),
    ...(tab === 'matrix' || tab === 'lines' ? { tab } : {}),
    lens: readLens(lens),
  };
}

function readLens(raw: unknown): Lens {
  if (typeof raw !== 'object' || raw === null) {
    return plainLens;
  }
  const { combination, chosen, hidden, renormalise, byWord, direction, stack, pins, threshold } =
    raw as Readonly<Record<keyof Lens, unknown>>;
  return {
    combination: combinations.find((each) => each === combination) ?? plainLens.combination,
    chosen: Array.isArray(chosen) ? chosen.filter(isHead) : [],
    hidden: Array.isArray(hidden) ? sinkKinds.filter((kind) => hidden.includes(kind)) : [],
    renormalise: renormalise !== false,
    byWord: byWord === true,
    direction: directions.find((each) => each === direction) ?? plainLens.direction,
    stack: stackNames.find((each) => each === stack) ?? plainLens.stack,
    pins: pins === 'sum' ? 'sum' : 'mean',
    threshold: typeof threshold === 'number' && threshold >= 0 && threshold < 1 ? threshold : 0,
  };
}

function isHead(value: unknown): value is { layer: number; head: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    isIndex((value as { layer?: unknown }).layer) &&
    isIndex((value as { head?: unknown }).head)
  );
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
