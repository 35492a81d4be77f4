import type { PastKeyValues } from './feeds';
import { type Decoder, type DecoderGraph, CachedDecoder, cacheNames } from './decoder';

/**
 * Prompts that begin alike, as few-shot prompts do, are read from where they differ. Exact by design: a prompt is
 * read in the same two parts, beginning and rest, whether the beginning was kept or not, so an answer does not depend
 * on what was asked before. (Reading it in one part would be another computation for a model of int8: its activations
 * are scaled by what is read together.)
 */

/** A shorter beginning is not worth a run of its own. */
export const fewestShared = 32;
const mostKept = 8;
const mostBytes = 64_000_000;

interface Kept {
  readonly ids: readonly number[];
  readonly past: PastKeyValues;
  readonly bytes: number;
}

/** The beginnings that a model has read, by least recent use. */
class PrefixStore {
  private kept: Kept[] = [];

  find(ids: readonly number[]): PastKeyValues | undefined {
    const at = this.kept.findIndex((each) => same(each.ids, ids));
    const [found] = at < 0 ? [] : this.kept.splice(at, 1);
    if (found) {
      this.kept.push(found);
    }
    return found?.past;
  }

  keep(ids: readonly number[], past: PastKeyValues): void {
    const bytes = [...past.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    if (bytes > mostBytes) {
      return;
    }
    this.kept.push({ ids, past, bytes });
    let total = this.kept.reduce((sum, each) => sum + each.bytes, 0);
    while (this.kept.length > mostKept || total > mostBytes) {
      total -= this.kept.shift()?.bytes ?? 0;
    }
  }
}

/** Goes with its model: a released one leaves nothing behind. */
const stores = new WeakMap<DecoderGraph, PrefixStore>();

/**
 * A decoder whose first reading is that of a prompt with a beginning of `numShared` tokens.
 * @returns undefined where the graph has no cache
 */
export function makeSharingDecoder(
  model: DecoderGraph,
  numShared: number,
): (Decoder & { readonly numReused: number }) | undefined {
  const names = cacheNames(model);
  return names && new SharingDecoder(model, names, numShared);
}

class SharingDecoder implements Decoder {
  private decoder: CachedDecoder | undefined;
  /** Tokens that were not read again. */
  numReused = 0;

  constructor(
    private readonly model: DecoderGraph,
    private readonly names: ReadonlyMap<string, string>,
    private readonly numShared: number,
  ) {}

  async read(ids: readonly number[]): Promise<Float32Array> {
    if (this.decoder) {
      return this.decoder.read(ids);
    }
    const { model, names, numShared } = this;
    const store = stores.get(model) ?? new PrefixStore();
    stores.set(model, store);
    const beginning = ids.slice(0, numShared);
    const known = store.find(beginning);
    this.decoder = new CachedDecoder(model, names, known);
    if (known) {
      this.numReused = numShared;
    } else {
      await this.decoder.read(beginning);
      store.keep(beginning, this.decoder.past as PastKeyValues);
    }
    return this.decoder.read(ids.slice(numShared));
  }
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
