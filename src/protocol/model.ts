/** Facts about a loaded model that a person is told. */
export interface ModelInfo {
  readonly id: string;
  /** `model_type` of config.json, e.g. `bert`. */
  readonly modelType: string;
  /** Which of the folder's graphs, e.g. `onnx/model_quantized.onnx`. */
  readonly graphFile: string;
  readonly numLayers: number;
  readonly numHeads: number;
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number;
  /** Which build of ONNX Runtime computed: native code, or WASM, which runs everywhere. */
  readonly runtime: 'native' | 'wasm';
  readonly numThreads: number;
  /** File to ready, in milliseconds. */
  readonly loadMilliseconds: number;
}

/** Which weights are preferred where a folder has several: int8 is a quarter in size and twice as fast. */
export type Precision = 'int8' | 'fp32';

/** Which build of ONNX Runtime is to compute; `auto` takes native code where it is installed. */
export type RuntimeChoice = 'auto' | ModelInfo['runtime'];

/** Which model to use, and the folder it lies in (Hugging Face layout). */
export interface ModelSource {
  readonly id: string;
  readonly folder: string;
}

/** One token of an analysed text. */
export interface Token {
  readonly id: number;
  /** The vocabulary's own spelling, e.g. `##ing` or `Ġthe`. */
  readonly piece: string;
  /** What the token stands for in the text; `[CLS]` and its like keep their name. */
  readonly text: string;
  /** UTF-16 range in the analysed text; `start === end` for special tokens. */
  readonly start: number;
  readonly end: number;
  readonly special: boolean;
}
