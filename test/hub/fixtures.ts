import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hub } from '../../src/hub/hub';
import type { Patience } from '../../src/hub/hubRequest';
import type { TestHub } from './testHub';

/** Tests wait for nothing longer than they must. */
export const impatient: Patience = { answer: 1000, silence: 300, retries: [5, 5, 5, 5, 5] };

/** A client of the test hub. */
export function clientOf(server: TestHub, token?: string, patience: Patience = impatient): Hub {
  return new Hub({ endpoint: server.origin, fetch, token: () => Promise.resolve(token), patience });
}

/** A new folder, and how to remove it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'transformer-scope-hub-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Bytes that differ from place to place: what is put together wrongly shows. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** A repository whose graph is `size` bytes that nobody will run. */
export function madeUpFiles(
  size: number,
  names: readonly string[] = ['onnx/model_quantized.onnx'],
): Map<string, Buffer> {
  return new Map([
    ['config.json', Buffer.from('{"model_type":"bert"}')],
    ['tokenizer.json', Buffer.from('{"model":{"type":"WordPiece"}}')],
    ['README.md', Buffer.from('# made up')],
    ['pytorch_model.bin', noise(1000)],
    ...names.map((name, index) => [name, noise(size, index + 1)] as const),
  ]);
}
