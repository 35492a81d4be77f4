import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onInterrupt } from './interrupt';

/** Runs something with a folder of its own that is removed afterwards, also when interrupted. */
export async function withTemporaryFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'transformer-scope-'));
  const remove = onInterrupt(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  try {
    return await use(dir);
  } finally {
    await remove();
  }
}
