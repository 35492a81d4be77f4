/** What we keep of an ONNX model (onnx.proto3): names, operators, shapes; no weights. */
export interface Graph {
  readonly nodes: readonly Node[];
  /** Names of tensors stored in the file. */
  readonly initializers: ReadonlySet<string>;
  /** What a run must be fed, without initialisers. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Operator set version per domain; the default domain is `''`. */
  readonly opsets: ReadonlyMap<string, number>;
}

export interface Node {
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  /** Input names; an omitted optional input is `''`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface ValueInfo {
  readonly name: string;
  /** `TensorProto.DataType`, e.g. 1 float, 7 int64, 9 bool, 10 float16; 0 when unknown. */
  readonly elementType: number;
  /** A number, or the symbol of a dynamic dimension; empty for a scalar or an unknown shape. */
  readonly dims: readonly (number | string)[];
}

/** `TensorProto.DataType` values that inputs come in. */
export const ElementType = { float32: 1, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
