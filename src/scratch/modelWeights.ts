import { ScopeError } from '../protocol/errors';
import type { Linear } from './linear';
import type { Matrix } from './matrix';

/**
 * The weights of a model by the names that PyTorch gives them, e.g. `bert.encoder.layer.0.attention.self.query`.
 * A name is asked for by its end, because exports differ in what they put in front (`network.`, `model.`, nothing).
 */
export class ModelWeights {
  /**
   * @param linears layers of weights, `[inputWidth, outputWidth]`
   * @param tables embeddings, `[numRows, modelWidth]`
   * @param vectors scales and shifts of norms, and biases that stand alone
   */
  constructor(
    private readonly linears: ReadonlyMap<string, Linear>,
    private readonly tables: ReadonlyMap<string, Matrix>,
    private readonly vectors: ReadonlyMap<string, Float32Array>,
  ) {}

  /** @throws {ScopeError} when there is no such layer */
  linear(name: string): Linear {
    return this.optionalLinear(name) ?? missing(name);
  }

  /** The first of several names under which a layer may be found. */
  optionalLinear(...names: readonly string[]): Linear | undefined {
    return find(this.linears, names);
  }

  /**
   * The first of several names under which an embedding may be found: one that is also the output layer may be called
   * after that.
   * @throws {ScopeError} when there is none of them
   */
  table(...names: readonly [string, ...string[]]): Matrix {
    return find(this.tables, names) ?? missing(names[0]);
  }

  /** @throws {ScopeError} when there is no such vector */
  vector(name: string): Float32Array {
    return this.optionalVector(name) ?? missing(name);
  }

  optionalVector(name: string): Float32Array | undefined {
    return find(this.vectors, [name]);
  }
}

function find<Value>(values: ReadonlyMap<string, Value>, names: readonly string[]): Value | undefined {
  for (const name of names) {
    for (const [full, value] of values) {
      if (full === name || full.endsWith(`.${name}`)) {
        return value;
      }
    }
  }
  return undefined;
}

function missing(name: string): never {
  throw new ScopeError('modelUnsupported', `the file has no weights “${name}”`);
}
