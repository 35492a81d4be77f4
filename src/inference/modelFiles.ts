import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ScopeError } from '../protocol/errors';

/**
 * Files of a model's folder on this machine. In the browser `src/web/modelFiles.ts` stands in for this file: there
 * the extension host reads them.
 */

/** The address of a folder, with a slash at the end. */
export function folderAddress(folder: string): string {
  return pathToFileURL(`${folder}/`).href;
}

/** Size of a file in bytes; undefined where there is none. */
export async function fileSize(folder: string, name: string): Promise<number | undefined> {
  return (await stat(join(folder, name)).catch(() => undefined))?.size;
}

/** A text file. @throws {Error} where it cannot be read */
export function readText(folder: string, name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}

/**
 * Reads a file whole.
 * @param room bytes that are kept free behind it
 * @returns the array and the length of the file in it; undefined where the file cannot be opened
 * @throws {ScopeError} `modelCorrupt` when the file ends early
 */
export async function readBytes(
  folder: string,
  name: string,
  room = 0,
): Promise<{ readonly bytes: Uint8Array; readonly length: number } | undefined> {
  const file = await open(join(folder, name)).catch(() => undefined);
  if (!file) {
    return undefined;
  }
  try {
    const { size } = await file.stat();
    const bytes = new Uint8Array(size + room);
    let length = 0;
    while (length < size) {
      // In parts: one read takes no more than 2 GB.
      const { bytesRead } = await file.read(bytes, length, Math.min(size - length, 1 << 28), length);
      if (bytesRead === 0) {
        throw new ScopeError('modelCorrupt', `${name}: the file ended after ${length} of ${size} bytes`);
      }
      length += bytesRead;
    }
    return { bytes, length };
  } finally {
    await file.close();
  }
}
