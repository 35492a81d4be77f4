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
    // By index: iterating over a typed array takes several times as long.
    for (let index = 0; index < weights.length; index++) {
      if (weights[index]! > max) {
        max = weights[index]!;
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
    const { weights, queries, keys } = this;
    const width = keys.length;
    // One pass without sorting a quarter of a million weights: what is weaker than `count` others never enters.
    let floor = this.max * 0.01;
    let links: Link[] = [];
    const cut = (): void => {
      links = links.sort((a, b) => a.weight - b.weight).slice(-count);
    };
    for (let row = 0; row < queries.length; row++) {
      const query = queries[row]!;
      const start = row * width;
      for (let column = 0; column < width; column++) {
        const weight = weights[start + column]!;
        if (weight > floor && accept(query, keys[column]!)) {
          links.push({ query, key: keys[column]!, weight });
          if (links.length >= 4 * count) {
            cut();
            floor = links[0]!.weight;
          }
        }
      }
    }
    cut();
    return links;
  }
}
