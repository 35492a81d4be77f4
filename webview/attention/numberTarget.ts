import type { ExplainRequest } from '../../src/protocol/oneNumber';
import type { TokenPair } from './oneNumber';
import type { Store } from './store';

/**
 * The weight that is taken apart: the one that was kept, else the one pointed at, else the strongest of what is
 * pinned, else the last one, else the strongest of the head. Tokens are counted from the stack's first.
 */
export function numberTarget(store: Store): (ExplainRequest & TokenPair) | null {
  const { stack, layer, head, units, number } = store;
  const pair = number.kept ?? pointedAt(store) ?? number.last ?? strongest(store);
  if (!stack || !pair) {
    return null;
  }
  const query = pair.query - stack.queries.start;
  const key = pair.key - stack.keys.start;
  const isThere =
    query >= 0 && key >= 0 && pair.query < stack.queries.end && pair.key < stack.keys.end && units.length > 0;
  return isThere ? { runId: stack.runId, layer, head, query, key } : null;
}

function pointedAt(store: Store): TokenPair | null {
  const { pair, focus } = store;
  const link = pair ?? (store.pinned.length > 0 ? focus?.links[0] : undefined);
  return link ? tokensOf(store, link) : null;
}

function strongest(store: Store): TokenPair | null {
  const { matrix, units } = store;
  const isPlain = (query: number, key: number): boolean =>
    query !== key && units[query]?.special === false && units[key]?.special === false;
  const link = matrix?.strongest(1, isPlain)[0] ?? matrix?.strongest(1)[0];
  return link ? tokensOf(store, link) : null;
}

function tokensOf({ units }: Store, { query, key }: TokenPair): TokenPair | null {
  const [of, to] = [units[query], units[key]];
  return of && to ? { query: of.index, key: to.index } : null;
}
