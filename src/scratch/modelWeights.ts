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

  optionalLinear(name: string): Linear | undefined {
    return find(this.linears, name);
  }

  /** @throws {ScopeError} when there is no such embedding */
  table(name: string): Matrix {
    return this.optionalTable(name) ?? missing(name);
  }

  optionalTable(name: string): Matrix | undefined {
    return find(this.tables, name);
  }

  /** @throws {ScopeError} when there is no such vector */
  vector(name: string): Float32Array {
    return this.optionalVector(name) ?? missing(name);
  }

  optionalVector(name: string): Float32Array | undefined {
    return find(this.vectors, name);
  }
}

function find<Value>(values: ReadonlyMap<string, Value>, name: string): Value | undefined {
  const exact = values.get(name);
  if (exact !== undefined) {
    return exact;
  }
  for (const [full, value] of values) {
    if (full.endsWith(`.${name}`)) {
      return value;
    }
  }
  return undefined;
}

function missing(name: string): never {
  throw new ScopeError('modelUnsupported', `the file has no weights “${name}”`);
}
