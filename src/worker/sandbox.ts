import { readFile } from 'node:fs/promises';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import {
  type QuickJSWASMModule,
  newQuickJSWASMModuleFromVariant,
  newVariant,
  shouldInterruptAfterDeadline,
} from 'quickjs-emscripten-core';
import { ScopeError } from '../protocol/errors';
import type { ExpressionValues } from '../protocol/expression';

/** An expression that is not done by then is given up, a regular expression of it too. */
const mostMilliseconds = 250;
const mostBytes = 32_000_000;
const mostStackBytes = 128_000;

/**
 * Computes JavaScript expressions in QuickJS, an interpreter compiled to WebAssembly: nothing of Node is in reach of
 * it (no files, no network, no `process`, no clock but the date), its memory is its own and its time is limited.
 * `node:vm` is no such thing, and neither is a process with fewer rights, which still has a clock, a network and
 * the processor. Every expression gets a fresh interpreter, so that none sees what another left behind.
 */
export class Sandbox {
  private module: Promise<QuickJSWASMModule> | undefined;

  constructor(
    /** Where `quickjs.wasm` lies. */
    private readonly wasmFile: string,
  ) {}

  /** @throws {ScopeError} `expressionFailed` for what is no expression, throws, takes too long or gives something else */
  async evaluate(expression: string, values: ExpressionValues): Promise<boolean | number> {
    const module = await this.loaded();
    // The values come as JSON text, so that they cannot be anything but data.
    const code = `((input, expected, answer, output) => (\n${expression}\n))(...${arguments_(values)})`;
    let value: unknown;
    try {
      value = module.evalCode(code, {
        shouldInterrupt: shouldInterruptAfterDeadline(Date.now() + mostMilliseconds),
        memoryLimitBytes: mostBytes,
        maxStackSizeBytes: mostStackBytes,
      });
    } catch (error) {
      if (isAbort(error)) {
        // The interpreter itself has ended; the next expression gets a new one.
        this.module = undefined;
      }
      throw new ScopeError('expressionFailed', reason(error), { cause: error });
    }
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
      return value;
    }
    throw new ScopeError(
      'expressionFailed',
      `${typeof value === 'number' ? value : JSON.stringify(value)}: true, false, 0 … 1`,
    );
  }

  private loaded(): Promise<QuickJSWASMModule> {
    if (!this.module) {
      const loading = readFile(this.wasmFile).then((bytes) =>
        newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmBinary: new Uint8Array(bytes).buffer })),
      );
      this.module = loading;
      loading.catch(() => {
        this.module = undefined;
      });
    }
    return this.module;
  }
}

function arguments_({ input, expected, answer, output }: ExpressionValues): string {
  return JSON.stringify([input, expected, answer, output]);
}

/** Also a dead interpreter throws: WebAssembly's own error, or Emscripten's. */
function isAbort(error: unknown): boolean {
  return said(error).name === 'RuntimeError' || said(error).message.includes('Aborted(');
}

function reason(error: unknown): string {
  const { name, message } = said(error);
  return name === 'InternalError' && message === 'interrupted'
    ? `> ${mostMilliseconds} ms`
    : `${name}: ${message.split('\n')[0] ?? ''}`;
}

/** What is thrown inside comes out as plain data. */
function said(error: unknown): { readonly name: string; readonly message: string } {
  const { name, message } = Object(error) as { readonly name?: unknown; readonly message?: unknown };
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(error),
  };
}
