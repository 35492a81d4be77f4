/** One strong connection: how much the query takes from the key. */
export interface Link {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
}

/** One head's weights with what the views ask of them. */
export class HeadMatrix {
  readonly max: number;

  constructor(
    readonly size: number,
    readonly weights: Float32Array,
  ) {
    let max = 0;
    for (const weight of weights) {
      if (weight > max) {
        max = weight;
      }
    }
    this.max = max;
  }

  at(query: number, key: number): number {
    return this.weights[query * this.size + key] ?? 0;
  }

  /** The keys that `query` takes most from, strongest first. */
  strongestOfRow(query: number, count: number): Link[] {
    const links: Link[] = [];
    for (let key = 0; key < this.size; key++) {
      links.push({ query, key, weight: this.at(query, key) });
    }
    return links.sort((a, b) => b.weight - a.weight || a.key - b.key).slice(0, count);
  }

  /** The `count` strongest connections of the head that `accept` lets pass, weakest first (to be drawn on top last). */
  strongest(count: number, accept: (query: number, key: number) => boolean = () => true): Link[] {
    // A histogram finds the threshold without sorting a quarter of a million weights.
    const bins = new Uint32Array(1025);
    const binOf = (weight: number): number => Math.floor((weight / this.max) * 1024);
    const floor = this.max * 0.01;
    for (let i = 0; i < this.weights.length; i++) {
      const weight = this.weights[i]!;
      if (weight > floor && accept(Math.floor(i / this.size), i % this.size)) {
        bins[binOf(weight)]!++;
      }
    }
    let threshold = 1025;
    for (let sum = 0; threshold > 0 && sum < count;) {
      threshold--;
      sum += bins[threshold]!;
    }
    const links: Link[] = [];
    for (let i = 0; i < this.weights.length; i++) {
      const weight = this.weights[i]!;
      if (weight > floor && binOf(weight) >= threshold) {
        const link = { query: Math.floor(i / this.size), key: i % this.size, weight };
        if (accept(link.query, link.key)) {
          links.push(link);
        }
      }
    }
    return links.sort((a, b) => a.weight - b.weight).slice(-count);
  }
}
