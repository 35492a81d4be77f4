/** What we keep of an ONNX model (onnx.proto3): names, operators, shapes; no weights. */
export interface Graph {
  readonly nodes: readonly Node[];
  /** Names of tensors stored in the file, with their `TensorProto.DataType`. */
  readonly initializers: ReadonlyMap<string, number>;
  /** Files beside the model that hold its weights, as it names them, relative to its own folder. */
  readonly externalFiles: ReadonlySet<string>;
  /** What a run must be fed, without initialisers. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Types the exporter noted for tensors inside the graph; there may be none. */
  readonly intermediates: readonly ValueInfo[];
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
  /** Numbers, words and short lists of integers; absent when there are none. */
  readonly attributes?: ReadonlyMap<string, Attribute>;
  /** Nodes of the graphs this one carries (the branches of an `If`), of any depth; absent when there are none. */
  readonly nested?: readonly Node[];
  /** Where the graphs that it carries lie in the file, as values of type GraphProto; absent when there are none. */
  readonly graphs?: readonly Omit<Place, 'key'>[];
  /** Where the file holds it; absent for a node that was made otherwise. */
  readonly place?: Place;
}

export type Attribute = number | string | readonly number[];

/** A field of the file: its key is at `key`, its value fills `[start, end)`. */
export interface Place {
  readonly key: number;
  readonly start: number;
  readonly end: number;
}

export interface ValueInfo {
  readonly name: string;
  /** `TensorProto.DataType`, e.g. 1 float, 7 int64, 9 bool, 10 float16; 0 when unknown. */
  readonly elementType: number;
  /** A number, or the symbol of a dynamic dimension; empty for a scalar or an unknown shape. */
  readonly dims: readonly (number | string)[];
}

/** `TensorProto.DataType` values that inputs and weights come in. */
export const ElementType = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;
