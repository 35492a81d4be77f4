import { isScopeError, type ErrorCode } from '../protocol/errors';
import { downloadFile, type FileJob } from './downloadFile';
import { acquireLock, type LockOptions } from './downloadLock';
import type { Hub, ModelInfo, RemoteFile } from './hub';
import { HubError } from './hubError';
import { type DownloadPlan, type ModelStore, totalOf } from './modelStore';
import type { Variant } from './variants';

/** How far a download is. */
export interface DownloadProgress {
  /** `waiting`: another window is at it. */
  readonly phase: 'waiting' | 'downloading' | 'verifying';
  readonly bytes: number;
  readonly total: number;
}

export interface DownloadOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal | undefined;
  readonly openPart?: FileJob['openPart'];
  readonly lock?: Pick<LockOptions, 'pollEvery' | 'silence'>;
}

/** After these there is no use in what is on disk so far; after all others it is kept, to go on from. */
const hopeless: readonly ErrorCode[] = [
  'diskFull',
  'writeFailed',
  'hubWrongContent',
  'hubPretender',
  'hubNotFound',
];

/** What a variant of a model consists of, with every size and hash known. */
export async function planDownload(
  hub: Hub,
  model: ModelInfo,
  variant: Variant,
  signal?: AbortSignal,
): Promise<DownloadPlan> {
  const files: RemoteFile[] = [];
  for (const file of variant.files) {
    const isKnown = file.size !== undefined && (file.sha256 ?? file.gitSha1) !== undefined;
    files.push(isKnown ? (file as RemoteFile) : await hub.facts(model.id, model.commit, file.path, signal));
  }
  const { id, commit, license, task } = model;
  return {
    id,
    dtype: variant.dtype,
    commit,
    files,
    ...(license !== undefined && { license }),
    ...(task !== undefined && { task }),
  };
}

/**
 * Brings a model and gives its folder. Cancelling keeps what has come: the same call goes on from there, in this
 * window, in another, or after a restart. Of two windows that want the same model one waits for the other.
 * @throws {HubError} and `cancelled`
 */
export async function downloadModel(
  hub: Hub,
  store: ModelStore,
  plan: DownloadPlan,
  { onProgress, signal, openPart, lock: lockOptions }: DownloadOptions = {},
): Promise<string> {
  const total = totalOf(plan);
  const report = (phase: DownloadProgress['phase'], bytes: number): void =>
    onProgress?.({ phase, bytes, total });
  const present = await store.find(plan);
  if (present !== undefined) {
    return present;
  }
  const lock = await acquireLock(store.lockOf(plan), {
    ...lockOptions,
    signal,
    onWait: () => report('waiting', 0),
  });
  let isHopeless = false;
  try {
    const finished = await store.find(plan);
    if (finished !== undefined) {
      return finished;
    }
    const work = await store.begin(plan);
    await checkSpace(store, plan, total);
    let before = 0;
    for (const file of plan.files) {
      await downloadFile({
        hub,
        ...plan,
        file,
        folder: work,
        signal,
        ...(openPart && { openPart }),
        onBytes: (bytes) => report('downloading', before + bytes),
        onVerifying: () => report('verifying', before + file.size),
      });
      before += file.size;
    }
    return await store.finish(plan);
  } catch (error) {
    isHopeless = hopeless.some((code) => isScopeError(error, code));
    throw error;
  } finally {
    if (isHopeless) {
      await store.discard(plan).catch(() => undefined);
    }
    await lock.release();
    await store.tidy().catch(() => undefined);
  }
}

/** Room for the file system itself, and for whoever else writes meanwhile. */
const spare = 32_000_000;

async function checkSpace(store: ModelStore, plan: DownloadPlan, total: number): Promise<void> {
  const free = await store.freeBytes();
  const paused = (await store.paused()).find(({ work }) => work === store.workOf(plan));
  const missing = total - (paused?.bytes ?? 0);
  if (free !== undefined && free < missing + Math.min(spare, missing / 10)) {
    const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);
    throw new HubError(
      'diskFull',
      `${megabytes(missing)} MB needed, ${megabytes(free)} MB free: ${store.root}`,
    );
  }
}
