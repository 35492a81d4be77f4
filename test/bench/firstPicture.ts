import 'vscode-jsonrpc/node';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import type { RuntimeKind } from '../../src/inference/runtime';
import { CancellationTokenSource } from '../../src/protocol/jsonrpc';
import { InferenceClient } from '../../src/worker/client';
import { forkWorker } from '../../src/worker/forkWorker';
import { median } from './median';

export interface FirstPicture {
  /** Milliseconds from the request to the answer that is drawn first; cold with the start of the process. */
  readonly cold: number;
  readonly warm: number;
  /** What the page is sent first, as structured clone writes it. */
  readonly bytes: number;
  readonly tokens: number;
}

/** Asks a fresh inference process, the one that is shipped, as the extension does. */
export async function firstPicture(
  runtime: RuntimeKind,
  numThreads: number,
  folder: string,
  text: string,
  rounds: number,
): Promise<FirstPicture> {
  const script = join(__dirname, '..', '..', 'dist', 'worker.js');
  const client = new InferenceClient(
    () =>
      forkWorker({
        ...{ script, numThreads, runtime, precision: 'fp32', modelMegabytes: 2000 },
        onOutput: console.error,
      }),
    { phase: () => undefined, log: () => undefined },
  );
  const times: number[] = [];
  let [bytes, tokens] = [0, 0];
  for (let run = 0; run <= rounds; run++) {
    const begin = performance.now();
    const result = await client.attend(
      { model: { id: 'bench', folder }, text, owner: 'bench', textWasCut: false },
      new CancellationTokenSource().token,
    );
    times.push(performance.now() - begin);
    bytes = serialize(result).byteLength;
    tokens = result.tokens.length;
  }
  client.dispose();
  return { cold: times[0] ?? NaN, warm: median(times.slice(1)), bytes, tokens };
}
