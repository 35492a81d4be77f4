/** One strong connection: how much the query takes from the key. */
export interface Link {
  readonly query: number;
  readonly key: number;
  readonly weight: number;
}

/** How the rows of several queries become one. */
export type PinMode = 'mean' | 'sum';

/**
 * Weights with what the views ask of them. Queries and keys are named by their units, the rows and columns of
 * `weights` by their places in `queries` and `keys`.
 */
export class HeadMatrix {
  readonly max: number;
  private readonly rows: ReadonlyMap<number, number>;
  private readonly columns: ReadonlyMap<number, number>;

  constructor(
    readonly queries: readonly number[],
    readonly keys: readonly number[],
    /** Row-major `[queries, keys]`. */
    readonly weights: Float32Array,
  ) {
    let max = 0;
    for (const weight of weights) {
      if (weight > max) {
        max = weight;
      }
    }
    this.max = max;
    this.rows = new Map(queries.map((unit, row) => [unit, row]));
    this.columns = new Map(keys.map((unit, column) => [unit, column]));
  }

  /** The row of a unit; undefined when it is no query. */
  rowOf(unit: number): number | undefined {
    return this.rows.get(unit);
  }

  columnOf(unit: number): number | undefined {
    return this.columns.get(unit);
  }

  at(query: number, key: number): number {
    const row = this.rows.get(query);
    const column = this.columns.get(key);
    return row === undefined || column === undefined
      ? 0
      : (this.weights[row * this.keys.length + column] as number);
  }

  /** The keys that `query` takes most from, strongest first. */
  strongestOfRow(query: number, count: number): Link[] {
    return this.ofQueries([query], 'mean').slice(0, count);
  }

  /** What some queries together take from every key, strongest first; a link's query is the first of them. */
  ofQueries(units: readonly number[], mode: PinMode): Link[] {
    const share = mode === 'mean' ? 1 / units.length : 1;
    const query = units[0] ?? -1;
    const links = this.keys.map((key) => ({
      query,
      key,
      weight: units.reduce((sum, unit) => sum + this.at(unit, key), 0) * share,
    }));
    return links.sort((a, b) => b.weight - a.weight || a.key - b.key);
  }

  /** What every query takes from some keys together, strongest first; a link's key is the first of them. */
  ofKeys(units: readonly number[], mode: PinMode): Link[] {
    const share = mode === 'mean' ? 1 / units.length : 1;
    const key = units[0] ?? -1;
    const links = this.queries.map((query) => ({
      query,
      key,
      weight: units.reduce((sum, unit) => sum + this.at(query, unit), 0) * share,
    }));
    return links.sort((a, b) => b.weight - a.weight || a.query - b.query);
  }

  /** The `count` strongest connections that `accept` lets pass, weakest first (to be drawn on top last). */
  strongest(count: number, accept: (query: number, key: number) => boolean = () => true): Link[] {
    // A histogram finds the threshold without sorting a quarter of a million weights.
    const width = this.keys.length;
    const bins = new Uint32Array(1025);
    const binOf = (weight: number): number => Math.floor((weight / this.max) * 1024);
    const floor = this.max * 0.01;
    const queryAt = (index: number): number => this.queries[Math.floor(index / width)] as number;
    const keyAt = (index: number): number => this.keys[index % width] as number;
    for (let i = 0; i < this.weights.length; i++) {
      const weight = this.weights[i]!;
      if (weight > floor && accept(queryAt(i), keyAt(i))) {
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
        const [query, key] = [queryAt(i), keyAt(i)];
        if (accept(query, key)) {
          links.push({ query, key, weight });
        }
      }
    }
    return links.sort((a, b) => a.weight - b.weight).slice(-count);
  }
}
