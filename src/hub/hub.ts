import { HubError, refusal } from './hubError';
import { type Answer, chunks, type Fetch, type Patience, patient, request } from './hubRequest';
import { isModelId, isSafePath, type ModelId } from './modelId';
import { withRetries } from './retry';

/** A file of a repository. */
export interface RemoteFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** Of the content; large files have it. */
  readonly sha256?: string;
  /** Of the content as a Git blob; small files have it. */
  readonly gitSha1?: string;
}

/** A file as a listing has it: a mirror may leave out what the hub itself tells. */
export type ListedFile = Pick<RemoteFile, 'path'> & Partial<RemoteFile>;

/** What the hub says of a model. */
export interface ModelInfo {
  /** As the hub spells it; what was asked for may have been an older name. */
  readonly id: string;
  /** 40 hexadecimal digits: files of one commit belong together. */
  readonly commit: string;
  readonly files: readonly ListedFile[];
  readonly license?: string;
  /** E.g. `fill-mask`. */
  readonly task?: string;
}

/** One line of a search. */
export interface FoundModel {
  readonly id: string;
  readonly task?: string;
  readonly downloads: number;
  readonly isGated: boolean;
}

export interface HubOptions {
  /** E.g. `https://huggingface.co`, or a mirror. */
  readonly endpoint: string;
  readonly fetch: Fetch;
  token(): Promise<string | undefined>;
  readonly patience?: Patience;
}

/** Listings are small; one that goes on and on is none. */
const longestListing = 32_000_000;
/** Somebody waits for a list: it is tried again once. */
const listRetries = [800];

/** The part of the Hugging Face hub's protocol that finds models and reads their files. */
export class Hub {
  readonly patience: Patience;
  private readonly endpoint: string;

  /** @throws {HubError} when the endpoint is no address */
  constructor(private readonly options: HubOptions) {
    this.endpoint = options.endpoint.trim().replace(/\/+$/, '');
    this.patience = options.patience ?? patient;
    if (!/^https?:\/\/[^/]/i.test(this.endpoint) || !URL.canParse(this.endpoint)) {
      throw new HubError('hubFailed', `no address: ${options.endpoint}`);
    }
  }

  /** Where the hub shows a model to people. */
  page(id: string): string {
    return `${this.endpoint}/${id}`;
  }

  /** A model's files with sizes and hashes. */
  async model({ id, revision }: ModelId, signal?: AbortSignal): Promise<ModelInfo> {
    const at = revision === 'main' ? '' : `/revision/${encodeURIComponent(revision)}`;
    return readModel(await this.json(`/api/models/${id}${at}?blobs=true`, id, signal), id);
  }

  /** Models with ONNX files whose name has the words, most used first. */
  async search(words: string, limit: number, signal?: AbortSignal): Promise<FoundModel[]> {
    const query = new URLSearchParams({
      search: words,
      filter: 'onnx',
      sort: 'downloads',
      direction: '-1',
      limit: String(limit),
    });
    const found = await this.json(`/api/models?${query.toString()}`, words, signal);
    return Array.isArray(found) ? found.flatMap(readFound) : [];
  }

  /** Size and hash of one file, where a listing leaves them out. */
  async facts(id: string, commit: string, path: string, signal?: AbortSignal): Promise<RemoteFile> {
    const { response, redirects, abort } = await this.send(this.address(id, commit, path), signal, 'HEAD');
    abort();
    if (!response.ok) {
      throw refusal(response, path);
    }
    // The hub itself names size and hash before it sends to where large files lie.
    const said = (name: string): string | undefined =>
      [...redirects, response].map((each) => each.headers.get(name)).find((value) => value !== null) ??
      undefined;
    const size = Number(said('x-linked-size') ?? response.headers.get('content-length') ?? NaN);
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new HubError('hubFailed', `${path}: its size is not told`);
    }
    return {
      path,
      size,
      ...hashOf(said('x-linked-etag') ?? redirects[0]?.headers.get('etag') ?? said('etag')),
    };
  }

  /**
   * Begins to read a file.
   * @param start the first byte wanted; the answer is 206 then, or 200 with all of it
   * @param etag of the part that is there already: another file is sent from its beginning
   */
  async open(
    from: { id: string; commit: string; path: string },
    { start, etag, signal }: { start: number; etag?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<Answer> {
    const isStrong = etag !== undefined && /^"/.test(etag);
    return this.send(this.address(from.id, from.commit, from.path), signal, 'GET', {
      ...(start > 0 && { range: `bytes=${start}-`, ...(isStrong && { 'if-range': etag }) }),
    });
  }

  private address(id: string, commit: string, path: string): string {
    return `/${id}/resolve/${encodeURIComponent(commit)}/${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  private async send(
    path: string,
    signal: AbortSignal | undefined,
    method: 'GET' | 'HEAD' = 'GET',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { fetch } = this.options;
    const token = await this.options.token();
    return request(this.endpoint + path, { fetch, patience: this.patience, method, headers, token, signal });
  }

  private json(path: string, what: string, signal: AbortSignal | undefined): Promise<unknown> {
    return withRetries(
      async () => {
        const answer = await this.send(path, signal, 'GET', { accept: 'application/json' });
        if (!answer.response.ok) {
          answer.abort();
          throw refusal(answer.response, what);
        }
        const text = await this.text(answer, signal);
        try {
          return JSON.parse(text) as unknown;
        } catch (error) {
          const detail = `${new URL(this.endpoint).host}: ${/^\s*</.test(text) ? 'an HTML page' : 'no JSON'}`;
          throw new HubError('hubPretender', detail, { cause: error });
        }
      },
      listRetries,
      signal,
    );
  }

  private async text(answer: Answer, signal: AbortSignal | undefined): Promise<string> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of chunks(answer, { patience: this.patience, signal })) {
      length += chunk.length;
      if (length > longestListing) {
        throw new HubError('hubPretender', 'a list without an end');
      }
      parts.push(chunk);
    }
    return new TextDecoder().decode(Buffer.concat(parts));
  }
}

type Json = Readonly<Record<string, unknown>>;

/** @throws {HubError} `hubPretender` for anything that no hub would answer */
function readModel(value: unknown, asked: string): ModelInfo {
  const model = object(value);
  const id = typeof model['id'] === 'string' ? model['id'] : asked;
  const commit = model['sha'];
  const siblings = model['siblings'];
  if (!isModelId(id) || typeof commit !== 'string' || !isCommit(commit) || !Array.isArray(siblings)) {
    throw new HubError('hubPretender', `${asked}: no list of files`);
  }
  const tags = Array.isArray(model['tags']) ? model['tags'].map(String) : [];
  const card = object(model['cardData']);
  const license =
    typeof card['license'] === 'string'
      ? card['license']
      : tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length);
  const task = model['pipeline_tag'];
  return {
    id,
    commit,
    files: siblings.flatMap(readFile),
    // Both are shown in one line.
    ...(license !== undefined && { license: license.slice(0, 200) }),
    ...(typeof task === 'string' && { task: task.slice(0, 200) }),
  };
}

/** Also a mirror’s own names of versions, as long as they are one step of an address. */
export function isCommit(name: string): boolean {
  return /^(?!\.+$)[\w.-]{1,200}$/.test(name);
}

function readFile(value: unknown): ListedFile[] {
  const { rfilename: path, size, blobId, lfs } = object(value);
  // A path that leaves its folder is nothing that a model needs.
  if (typeof path !== 'string' || !isSafePath(path)) {
    return [];
  }
  const pointer = object(lfs);
  const length = pointer['size'] ?? size;
  const isSize = typeof length === 'number' && Number.isSafeInteger(length) && length >= 0;
  // Of a large file the blob is its pointer.
  const hash =
    lfs === undefined || lfs === null ? hashOf(blobId) : hashOf(pointer['sha256'] ?? pointer['oid']);
  return [{ path, ...(isSize && { size: length }), ...hash }];
}

/** What a hash is of shows in its length. */
function hashOf(value: unknown): Pick<RemoteFile, 'sha256' | 'gitSha1'> {
  const hash = typeof value === 'string' ? value.replace(/^W\/|^sha256:|"/g, '').toLowerCase() : '';
  if (/^[0-9a-f]{64}$/.test(hash)) {
    return { sha256: hash };
  }
  return /^[0-9a-f]{40}$/.test(hash) ? { gitSha1: hash } : {};
}

function readFound(value: unknown): FoundModel[] {
  const { id, downloads, pipeline_tag: task, gated } = object(value);
  if (typeof id !== 'string' || !isModelId(id)) {
    return [];
  }
  return [
    {
      id,
      downloads: typeof downloads === 'number' ? downloads : 0,
      isGated: gated !== undefined && gated !== false,
      ...(typeof task === 'string' && { task }),
    },
  ];
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
