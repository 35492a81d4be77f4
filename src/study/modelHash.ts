import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Precision } from '../protocol/model';

/** SHA-256 of a model's graph, by which a report says what was measured; undefined when there is none to read. */
export async function modelHash(folder: string, precision: Precision): Promise<string | undefined> {
  const names = ['model_quantized.onnx', 'model_int8.onnx', 'model.onnx'];
  const ordered = precision === 'int8' ? names : [...names].reverse();
  for (const name of ordered.flatMap((each) => [join('onnx', each), each])) {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(join(folder, name)), hash);
      return `${hash.digest('hex')} (${name.replaceAll('\\', '/')})`;
    } catch {
      // The next name may exist.
    }
  }
  return undefined;
}
