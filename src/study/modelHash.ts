import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { graphNames } from '../protocol/graphNames';
import type { Precision } from '../protocol/model';

/**
 * SHA-256 of the graph that the inference process reads, by which a report says what was measured.
 * @returns the hash in hex with the file's name in brackets; undefined when there is none to read
 */
export async function modelHash(folder: string, precision: Precision): Promise<string | undefined> {
  for (const name of graphNames(precision)) {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(join(folder, name)), hash);
      return `${hash.digest('hex')} (${name})`;
    } catch {
      // The next name may exist.
    }
  }
  return undefined;
}
