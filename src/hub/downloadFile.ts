import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Hub, type RemoteFile } from './hub';
import { diskFailure, HubError, refusal } from './hubError';
import { chunks } from './hubRequest';
import { describePretender, pretenderHead } from './pretender';
import { throwIfCancelled, withRetries } from './retry';
import { hasListedContent } from './verify';

/** One file, from where to where. */
export interface FileJob {
  readonly hub: Hub;
  readonly id: string;
  readonly commit: string;
  readonly file: RemoteFile;
  /** The folder in which it lies at its path when it is whole and verified. */
  readonly folder: string;
  /** How many bytes of it are on disk now. */
  readonly onBytes: (bytes: number) => void;
  readonly onVerifying?: () => void;
  readonly signal?: AbortSignal | undefined;
  /** Opens the unfinished file for appending; tests let it fail. */
  readonly openPart?: (path: string) => Promise<FileHandle>;
}

/** What an unfinished file is called. */
export const unfinished = '.incomplete';
const etagSuffix = '.etag';

/**
 * Brings one file, going on where an earlier try stopped, and tries again when the connection breaks. Under its own
 * name the file appears only when its size and hash are those that the hub lists.
 * @throws {HubError} `hubWrongContent` when they are not, and whatever the network and the disk have to say
 */
export async function downloadFile(job: FileJob): Promise<void> {
  const { file, folder, signal } = job;
  const whole = join(folder, ...file.path.split('/'));
  const part = whole + unfinished;
  if ((await sizeOf(whole)) === file.size) {
    job.onBytes(file.size);
    return;
  }
  await mkdir(dirname(whole), { recursive: true }).catch((error: unknown) => {
    throw diskFailure(error, dirname(whole));
  });
  const before = await sizeOf(part);
  await fetchRest(job, part);
  job.onVerifying?.();
  if (!(await hasListedContent(part, file, signal))) {
    await discard(part);
    // What was there before may have been the wrong part: a power cut leaves such.
    if (before > 0) {
      await fetchRest(job, part);
    }
    if (before === 0 || !(await hasListedContent(part, file, signal))) {
      await discard(part);
      throw new HubError('hubWrongContent', file.path);
    }
  }
  await rename(part, whole);
  await rm(part + etagSuffix, { force: true });
}

async function fetchRest(job: FileJob, part: string): Promise<void> {
  await withRetries((progressed) => receive(job, part, progressed), job.hub.patience.retries, job.signal);
}

/** One connection's worth of a file, appended to what is there. */
async function receive(job: FileJob, part: string, progressed: () => void): Promise<void> {
  const { hub, file, signal } = job;
  let start = await sizeOf(part);
  if (start > file.size) {
    await discard(part);
    start = 0;
  }
  job.onBytes(start);
  if (start === file.size && start > 0) {
    return;
  }
  const etag = start > 0 ? await readFile(part + etagSuffix, 'utf8').catch(() => undefined) : undefined;
  const answer = await hub.open({ ...job, path: file.path }, { start, etag, signal });
  const { response } = answer;
  try {
    if (response.status === 416) {
      await discard(part);
      throw new HubError('hubFailed', `${file.path}: the part on disk does not fit`, { isTransient: true });
    }
    if (!response.ok) {
      throw refusal(response, file.path);
    }
    const begins = firstByte(response, file);
    if (begins !== start) {
      // Another version of the file, or a server that knows no ranges.
      await discard(part);
      if (begins !== 0) {
        throw new HubError('hubFailed', `${file.path}: not the part that was asked for`, {
          isTransient: true,
        });
      }
      start = 0;
    }
    await append(job, part, start, chunks(answer, { patience: hub.patience, signal }), progressed, response);
  } finally {
    answer.abort();
  }
}

/** Where an answer begins in the file. @throws {HubError} when it is of a file with another length */
function firstByte(response: Response, { path, size }: RemoteFile): number {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (response.status !== 206 || !range) {
    const length = response.headers.get('content-length');
    if (length !== null && Number(length) !== size) {
      throw wrongLength(response, path, `${length} bytes instead of ${size}`);
    }
    return 0;
  }
  if (range[2] !== '*' && Number(range[2]) !== size) {
    throw new HubError('hubWrongContent', `${path}: ${range[2]} bytes instead of ${size}`);
  }
  return Number(range[1]);
}

/** A page that says something else is the usual reason for another length. */
function wrongLength(response: Response, path: string, detail: string): HubError {
  return /^text\/html/i.test(response.headers.get('content-type') ?? '')
    ? new HubError('hubPretender', `${path}: an HTML page, not the file itself`)
    : new HubError('hubWrongContent', `${path}: ${detail}`);
}

async function append(
  { file, onBytes, signal, openPart = (path) => open(path, 'a') }: FileJob,
  part: string,
  start: number,
  pieces: AsyncIterable<Uint8Array>,
  progressed: () => void,
  response: Response,
): Promise<void> {
  const etag = response.headers.get('etag');
  let length = start;
  let handle: FileHandle | undefined;
  try {
    for await (const piece of pieces) {
      throwIfCancelled(signal);
      if (!handle) {
        refusePretender(file, start, piece);
        handle = await openPart(part);
        await writeFile(part + etagSuffix, etag ?? '');
      }
      length += piece.length;
      if (length > file.size) {
        throw new HubError('hubWrongContent', `${file.path}: more than ${file.size} bytes`);
      }
      // One call may write less than all of it, and less still when the disk fills up.
      await handle.appendFile(piece);
      onBytes(length);
      progressed();
    }
    handle ??= await openPart(part);
    if (length === file.size) {
      await handle.sync();
    }
  } catch (error) {
    throw diskFailure(error, part);
  } finally {
    await handle?.close().catch(() => undefined);
  }
  if (length < file.size) {
    throw new HubError('hubOffline', `${file.path}: cut after ${length} of ${file.size} bytes`, {
      isTransient: true,
    });
  }
}

/** Nothing of a login page or a pointer is written to disk. */
function refusePretender({ path }: RemoteFile, start: number, first: Uint8Array): void {
  if (start > 0) {
    return;
  }
  const name = describePretender(Buffer.from(first.subarray(0, pretenderHead)).toString('latin1'));
  if (name !== undefined) {
    throw new HubError('hubPretender', `${path}: ${name}`);
  }
}

async function discard(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(part + etagSuffix, { force: true });
}

/** 0 for what is not there. */
async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size;
}
