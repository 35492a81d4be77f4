import { dot } from '../attention/vectorSearch';

/** A picture file as it was when somebody looked. */
export interface PictureStat {
  readonly uri: string;
  /** In bytes. */
  readonly size: number;
  /** Of the last change, in milliseconds since 1970. */
  readonly mtime: number;
}

interface Entry extends PictureStat {
  readonly vector: Float32Array;
}

/** What stands before the vectors in a kept index. */
interface Head {
  readonly version: number;
  readonly model: string;
  readonly size: number;
  readonly files: readonly (readonly [uri: string, size: number, mtime: number])[];
}

const version = 1;

/** The vectors of a folder's pictures by one model. A picture that has changed since counts as unknown. */
export class ImageIndex {
  private readonly entries = new Map<string, Entry>();

  /** @param model says which weights made the vectors; an index of others is of no use */
  constructor(readonly model: string) {}

  /** Reads what {@link toBytes} wrote; empty for what is broken, cut, or by another model. */
  static fromBytes(bytes: Uint8Array, model: string): ImageIndex {
    const index = new ImageIndex(model);
    try {
      // Copied, so that the vectors can lie anywhere in it: what comes may be a view of a larger buffer.
      const own = new Uint8Array(bytes);
      const headLength = new DataView(own.buffer).getUint32(0, true);
      const head = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + headLength))) as Head;
      const vectors = new Float32Array(own.slice(4 + headLength).buffer);
      if (
        head.version === version &&
        head.model === model &&
        vectors.length === head.files.length * head.size
      ) {
        head.files.forEach(([uri, size, mtime], at) => {
          index.set({ uri, size, mtime }, vectors.slice(at * head.size, (at + 1) * head.size));
        });
      }
    } catch {
      // It is made anew.
    }
    return index;
  }

  /** Length of the head, the head as JSON, then all vectors as float32. */
  toBytes(): Uint8Array {
    const entries = [...this.entries.values()];
    const size = entries[0]?.vector.length ?? 0;
    const head: Head = {
      version,
      model: this.model,
      size,
      files: entries.map(({ uri, size: bytes, mtime }) => [uri, bytes, mtime]),
    };
    const text = new TextEncoder().encode(JSON.stringify(head));
    const result = new Uint8Array(4 + text.length + entries.length * size * 4);
    new DataView(result.buffer).setUint32(0, text.length, true);
    result.set(text, 4);
    entries.forEach(({ vector }, at) => {
      const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
      result.set(bytes, 4 + text.length + at * size * 4);
    });
    return result;
  }

  get numPictures(): number {
    return this.entries.size;
  }

  set(file: PictureStat, vector: Float32Array): void {
    this.entries.set(file.uri, { ...file, vector });
  }

  /** Forgets what is not among these files, or has changed. @returns how many files are gone */
  keepOnly(files: readonly PictureStat[]): number {
    const there = new Map(files.map((file) => [file.uri, file]));
    let numGone = 0;
    for (const { uri, size, mtime } of [...this.entries.values()]) {
      const now = there.get(uri);
      if (now?.size !== size || now.mtime !== mtime) {
        this.entries.delete(uri);
        numGone += now ? 0 : 1;
      }
    }
    return numGone;
  }

  /** Of these files the ones without a vector. */
  missing(files: readonly PictureStat[]): PictureStat[] {
    return files.filter(({ uri }) => !this.entries.has(uri));
  }

  /** The pictures nearest to a vector of length 1, best first; equal ones by name. */
  search(query: Float32Array, most: number): { readonly uri: string; readonly cosine: number }[] {
    return [...this.entries.values()]
      .map(({ uri, vector }) => ({ uri, cosine: dot(query, vector) }))
      .sort((a, b) => b.cosine - a.cosine || (a.uri < b.uri ? -1 : 1))
      .slice(0, most);
  }
}

/** How an update goes; all times are up to the caller. */
export interface IndexUpdate {
  embed(file: PictureStat): Promise<Float32Array>;
  /** Whether a failure is about this file alone; any other ends the update. */
  skip(file: PictureStat, error: unknown): boolean;
  progress(done: number, total: number): void;
  stopped(): boolean;
}

/**
 * Gives every file a vector that has none. What is done when it is stopped, or when it fails, stays.
 * @returns how many were added
 */
export async function updateIndex(
  index: ImageIndex,
  files: readonly PictureStat[],
  { embed, skip, progress, stopped }: IndexUpdate,
): Promise<number> {
  const missing = index.missing(files);
  let numAdded = 0;
  for (const [done, file] of missing.entries()) {
    if (stopped()) {
      break;
    }
    progress(done, missing.length);
    try {
      const vector = await embed(file);
      if (stopped()) {
        break;
      }
      index.set(file, vector);
      numAdded++;
    } catch (error) {
      if (stopped()) {
        break;
      }
      if (!skip(file, error)) {
        throw error;
      }
    }
  }
  return numAdded;
}
