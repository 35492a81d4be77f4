import type { VsCodeApi } from '../common/vscodeApi';

export type Tab = 'matrix' | 'lines';

/** What outlives the page: where the reader was looking, never what was computed. */
export interface SavedState {
  readonly layer?: number;
  readonly head?: number;
  readonly pinned?: number;
  readonly tab?: Tab;
}

/** Reads the saved state; it may come from another version, so nothing in it is believed. */
export function loadState(api: VsCodeApi): SavedState {
  const raw = api.getState();
  if (typeof raw !== 'object' || raw === null) {
    return {};
  }
  const record = raw as Readonly<Record<string, unknown>>;
  const { layer, head, pinned, tab } = record as {
    layer?: unknown;
    head?: unknown;
    pinned?: unknown;
    tab?: unknown;
  };
  return {
    ...(isIndex(layer) && isIndex(head) ? { layer, head } : {}),
    ...(isIndex(pinned) ? { pinned } : {}),
    ...(tab === 'matrix' || tab === 'lines' ? { tab } : {}),
  };
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
