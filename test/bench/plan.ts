import type { RuntimeKind } from '../../src/inference/runtime';

/** How much is measured. */
export interface Plan {
  readonly threads: number;
  readonly rounds: number;
  readonly lengths: readonly number[];
  readonly runtimes: readonly RuntimeKind[];
  readonly newTokens: number;
  /** The bundled model's folder: the made models borrow its tokenizer. */
  readonly bundled: string;
  /** Under 90 seconds: one model, short texts, native code. */
  readonly quick: boolean;
}

export function makePlan(quick: boolean, threads: number, bundled: string): Plan {
  const common = { threads, bundled, quick };
  return quick
    ? { ...common, rounds: 7, lengths: [32, 128], runtimes: ['native'], newTokens: 16 }
    : { ...common, rounds: 11, lengths: [32, 128, 512], runtimes: ['native', 'wasm'], newTokens: 64 };
}
