import type * as OrtModule from 'onnxruntime-web';
import { ElementType } from '../onnx/graph';
import { fromFloat16 } from '../onnx/halfFloats';
import { ScopeError } from '../protocol/errors';
import { folderAddress } from './modelFiles';

/**
 * The one file that names ONNX Runtime; everything else sees tensors as plain data. Two builds of it
 * have the same interface: native code, and WASM, which runs everywhere. A process uses one of them
 * for its whole life: together they would fight over threads and memory.
 */

export type RuntimeKind = 'native' | 'wasm';
type Ort = typeof OrtModule;

export interface InputTensor {
  readonly elementType: number;
  readonly data: BigInt64Array | Int32Array | Float32Array | Uint16Array | Uint8Array;
  readonly dims: readonly number[];
}

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
  /** `auto` takes native code where its binding loads. */
  readonly kind: RuntimeKind | 'auto';
  /** Folder with `ort-wasm-simd-threaded.wasm` and `.mjs`. */
  readonly wasmFolder?: string;
  /** The former's bytes instead, where the build of the runtime has the latter in it. */
  readonly wasmBytes?: ArrayBuffer;
  readonly numThreads: number;
  readonly log?: (message: string) => void;
}

/**
 * Microseconds that an idle thread of the runtime's pool looks for work before it sleeps. By default it does so
 * for tens of milliseconds, also after the run: a core less for whatever comes next, such as another model.
 */
const spinMicroseconds = 200;

let chosen: { ort: Ort; kind: RuntimeKind; numThreads: number } | undefined;

/** Chooses and sets up the runtime; to be awaited once, before the first session. */
export async function configureRuntime(options: RuntimeOptions): Promise<RuntimeKind> {
  const native = options.kind === 'wasm' ? undefined : await loadNative(options);
  const kind = native ? 'native' : 'wasm';
  const ort = native ?? (await import('onnxruntime-web'));
  ort.env.logLevel = 'error';
  if (kind === 'wasm') {
    if (options.wasmBytes) {
      ort.env.wasm.wasmBinary = options.wasmBytes;
      // transformers.js has written an address on the network there.
      delete ort.env.wasm.wasmPaths;
    } else if (options.wasmFolder !== undefined) {
      ort.env.wasm.wasmPaths = folderAddress(options.wasmFolder);
    }
    ort.env.wasm.numThreads = options.numThreads;
  }
  chosen = { ort, kind, numThreads: options.numThreads };
  return kind;
}

/** Undefined where the package has no binding for this platform, or its libraries do not load. */
async function loadNative(options: RuntimeOptions): Promise<Ort | undefined> {
  try {
    const module = (await import('onnxruntime-node')) as unknown as Ort & { default?: Ort };
    return module.default ?? module;
  } catch (error) {
    options.log?.(
      `The native runtime does not load: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

/** Weights in a file of their own, by the path that the model names. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Compiles a model. `bytes` may be dropped by the caller afterwards. */
export async function createSession(
  bytes: Uint8Array,
  externalData: readonly ExternalData[] = [],
): Promise<Session> {
  if (!chosen) {
    throw new ScopeError('internal', 'no runtime was configured');
  }
  const { ort, kind, numThreads } = chosen;
  let session: OrtModule.InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, {
      // Named explicitly: were both builds in one process, native would silently take over.
      executionProviders: [kind === 'native' ? 'cpu' : 'wasm'],
      intraOpNumThreads: numThreads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      extra: { session: { intra_op: { spin_duration_us: String(spinMicroseconds) } } },
      ...(externalData.length > 0 && { externalData: [...externalData] }),
    });
  } catch (error) {
    throw asFailure(error, 'modelCorrupt');
  }
  return {
    inputNames: session.inputNames,
    async run(feeds, fetches) {
      const tensors: Record<string, OrtModule.Tensor> = {};
      for (const [name, input] of feeds) {
        tensors[name] = toOrtTensor(ort, input);
      }
      try {
        const results = await session.run(tensors, [...fetches]);
        return new Map(fetches.map((name) => [name, fromOrtTensor(results[name]!)]));
      } catch (error) {
        throw asFailure(error, 'inferenceFailed');
      }
    },
    release: () => session.release(),
  };
}

function toOrtTensor(ort: Ort, input: InputTensor): OrtModule.Tensor {
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

function fromOrtTensor(tensor: OrtModule.Tensor): OutputTensor {
  const data = tensor.data as Float32Array | Uint16Array | ArrayLike<number>;
  if (data instanceof Float32Array) {
    return { dims: tensor.dims, data };
  }
  // Without a Float16Array (Node before 24) the runtime hands float16 over as bits.
  const bits = tensor.type === 'float16' && data instanceof Uint16Array;
  return { dims: tensor.dims, data: bits ? Float32Array.from(data, fromFloat16) : Float32Array.from(data) };
}

function asFailure(error: unknown, code: 'modelCorrupt' | 'inferenceFailed'): ScopeError {
  const text = error instanceof Error ? error.message : String(error);
  const exhausted = /out of memory|bad_alloc|memory access out of bounds|Array buffer allocation/i.test(text);
  return new ScopeError(exhausted ? 'outOfMemory' : code, text, { cause: error });
}
