import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { RemoteFile } from './hub';
import { throwIfCancelled } from './retry';

/**
 * Whether a file on disk is the one that the hub lists: read back from disk, so that what was written counts and
 * not what was received. A file of which the hub tells no hash is taken by its size.
 */
export async function hasListedContent(
  path: string,
  file: RemoteFile,
  signal?: AbortSignal,
): Promise<boolean> {
  const { sha256, gitSha1, size } = file;
  const hash = createHash(sha256 === undefined ? 'sha1' : 'sha256');
  if (sha256 === undefined) {
    // How Git names a blob.
    hash.update(`blob ${size}\0`);
  }
  let length = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    throwIfCancelled(signal);
    length += (chunk as Buffer).length;
    hash.update(chunk as Buffer);
  }
  const wanted = sha256 ?? gitSha1;
  return length === size && (wanted === undefined || hash.digest('hex') === wanted);
}
