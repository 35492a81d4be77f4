import { pathToFileURL } from 'node:url';
import * as ort from 'onnxruntime-web';
import { ElementType } from '../onnx/graph';
import { ScopeError } from '../protocol/errors';

/** The one file that names ONNX Runtime. Everything else sees tensors as plain data. */

export type InputTensor =
  | { readonly elementType: number; readonly data: BigInt64Array; readonly dims: readonly number[] }
  | { readonly elementType: number; readonly data: Int32Array; readonly dims: readonly number[] }
  | { readonly elementType: number; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly elementType: number; readonly data: Uint16Array; readonly dims: readonly number[] }
  | { readonly elementType: number; readonly data: Uint8Array; readonly dims: readonly number[] };

export interface OutputTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface Session {
  readonly inputNames: readonly string[];
  /** Runs the graph and returns the asked outputs as float32. Blocks the process while it computes. */
  run(
    feeds: ReadonlyMap<string, InputTensor>,
    fetches: readonly string[],
  ): Promise<Map<string, OutputTensor>>;
  release(): Promise<void>;
}

export interface RuntimeOptions {
  /** Folder with `ort-wasm-simd-threaded.wasm` and `.mjs`. */
  readonly wasmFolder: string;
  readonly numThreads: number;
}

/** To be called once, before the first session. */
export function configureRuntime(options: RuntimeOptions): void {
  ort.env.wasm.wasmPaths = pathToFileURL(`${options.wasmFolder}/`).href;
  ort.env.wasm.numThreads = options.numThreads;
  ort.env.logLevel = 'error';
}

/** Compiles a model. `bytes` may be dropped by the caller afterwards. */
export async function createSession(bytes: Uint8Array): Promise<Session> {
  let session: ort.InferenceSession;
  try {
    // Named explicitly: were a native runtime in this process, it would silently take over.
    session = await ort.InferenceSession.create(bytes, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw asFailure(error, 'modelCorrupt');
  }
  return {
    inputNames: session.inputNames,
    async run(feeds, fetches) {
      const tensors: Record<string, ort.Tensor> = {};
      for (const [name, input] of feeds) {
        tensors[name] = toOrtTensor(input);
      }
      try {
        const results = await session.run(tensors, [...fetches]);
        return new Map(fetches.map((name) => [name, fromOrtTensor(results[name] as ort.Tensor)]));
      } catch (error) {
        throw asFailure(error, 'inferenceFailed');
      }
    },
    release: () => session.release(),
  };
}

function toOrtTensor(input: InputTensor): ort.Tensor {
  switch (input.elementType) {
    case ElementType.int64:
      return new ort.Tensor('int64', input.data as BigInt64Array, input.dims);
    case ElementType.int32:
      return new ort.Tensor('int32', input.data as Int32Array, input.dims);
    case ElementType.bool:
      return new ort.Tensor('bool', input.data as Uint8Array, input.dims);
    case ElementType.float16:
      return new ort.Tensor('float16', input.data as Uint16Array, input.dims);
    default:
      return new ort.Tensor('float32', input.data as Float32Array, input.dims);
  }
}

function fromOrtTensor(tensor: ort.Tensor): OutputTensor {
  const data = tensor.data as Float32Array | ArrayLike<number>;
  return { dims: tensor.dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

function asFailure(error: unknown, code: 'modelCorrupt' | 'inferenceFailed'): ScopeError {
  const text = error instanceof Error ? error.message : String(error);
  const exhausted = /out of memory|bad_alloc|memory access out of bounds|Array buffer allocation/i.test(text);
  return new ScopeError(exhausted ? 'outOfMemory' : code, text, { cause: error });
}
