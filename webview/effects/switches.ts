import type { HeadPlace } from '../../src/protocol/effects';

/** What the reader has switched off; every step can be undone. */
export class Switches {
  heads: readonly HeadPlace[] = [];
  keys: readonly number[] = [];
  private past: { readonly heads: readonly HeadPlace[]; readonly keys: readonly number[] }[] = [];

  constructor(private readonly changed: () => void) {}

  get isEmpty(): boolean {
    return this.heads.length === 0 && this.keys.length === 0;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  isOff(layer: number, head: number): boolean {
    return this.heads.some((each) => each.layer === layer && each.head === head);
  }

  toggleHead(layer: number, head: number): void {
    const heads = this.isOff(layer, head)
      ? this.heads.filter((each) => each.layer !== layer || each.head !== head)
      : [...this.heads, { layer, head }];
    this.set(heads, this.keys);
  }

  /** Switches all heads of a layer off, or on when all are off. */
  toggleLayer(layer: number, numHeads: number): void {
    const all = Array.from({ length: numHeads }, (_, head) => ({ layer, head }));
    const others = this.heads.filter((each) => each.layer !== layer);
    this.set(all.every(({ head }) => this.isOff(layer, head)) ? others : [...others, ...all], this.keys);
  }

  /** Hides tokens from all heads, or shows them again when all are hidden. */
  toggleKeys(tokens: readonly number[]): void {
    const others = this.keys.filter((key) => !tokens.includes(key));
    const areHidden = tokens.every((token) => this.keys.includes(token));
    this.set(this.heads, areHidden ? others : [...others, ...tokens]);
  }

  undo(): void {
    const before = this.past.pop();
    if (before) {
      this.heads = before.heads;
      this.keys = before.keys;
      this.changed();
    }
  }

  reset(): void {
    if (!this.isEmpty) {
      this.set([], []);
    }
  }

  /** Forgets everything, for another text. */
  clear(): void {
    this.heads = this.keys = [];
    this.past = [];
  }

  private set(heads: readonly HeadPlace[], keys: readonly number[]): void {
    this.past.push({ heads: this.heads, keys: this.keys });
    this.heads = heads;
    this.keys = keys;
    this.changed();
  }
}
