import type { ExplainRequest } from '../../src/protocol/oneNumber';
import { contains } from '../../src/attention/stack';
import type { TokenPair } from './oneNumber';
import type { Store } from './store';

/**
 * The weight that is taken apart: the one that was kept, else the one pointed at, else the strongest of what is
 * pinned, else the last one, else the strongest of the head. Tokens are counted from the stack's first.
 */
export function numberTarget(store: Store): (ExplainRequest & TokenPair) | null {
  const { stack, layer, head, units, number } = store;
  if (!stack || units.length === 0) {
    return null;
  }
  const candidates = [number.kept, pointedAt(store), number.last, strongest(store)];
  // What was kept in one stack may name tokens of another.
  const pair = candidates.find(
    (each) => each && contains(stack.queries, each.query) && contains(stack.keys, each.key),
  );
  return pair
    ? {
        ...{ runId: stack.runId, layer, head },
        ...{ query: pair.query - stack.queries.start, key: pair.key - stack.keys.start },
      }
    : null;
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
