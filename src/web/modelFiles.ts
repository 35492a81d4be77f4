import { ScopeError } from '../protocol/errors';
import type { MessageConnection } from '../protocol/jsonrpc';
import { ask } from '../protocol/rpc';
import { ReadModelFile, SizeOfModelFile } from './wire';

/**
 * Stands in for `src/inference/modelFiles.ts` in the browser: a worker there has no disk, so it asks the extension,
 * which reads what it was installed with.
 */

let connection: MessageConnection | undefined;

/** Says whom to ask; once, before the first file. */
export function readFilesBy(asked: MessageConnection): void {
  connection = asked;
}

/** The address of a folder, with a slash at the end. */
export function folderAddress(folder: string): string {
  return `${folder}/`;
}

/** Size of a file in bytes; undefined where there is none. */
export async function fileSize(folder: string, name: string): Promise<number | undefined> {
  return (await ask(host(), SizeOfModelFile, { folder, name })) ?? undefined;
}

/** A text file. @throws {Error} where it cannot be read */
export async function readText(folder: string, name: string): Promise<string> {
  const file = await ask(host(), ReadModelFile, { folder, name });
  if (!file) {
    throw new Error(`There is no ${name}.`);
  }
  return new TextDecoder().decode(file.bytes);
}

/** Reads a file whole, with `room` bytes behind it; undefined where there is none. */
export async function readBytes(
  folder: string,
  name: string,
  room = 0,
): Promise<{ readonly bytes: Uint8Array; readonly length: number } | undefined> {
  const file = await ask(host(), ReadModelFile, { folder, name });
  if (!file) {
    return undefined;
  }
  const bytes = new Uint8Array(file.bytes.length + room);
  bytes.set(file.bytes);
  return { bytes, length: file.bytes.length };
}

function host(): MessageConnection {
  if (!connection) {
    throw new ScopeError('internal', 'nobody was named who reads files');
  }
  return connection;
}
