import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/**
 * A hub for tests that speaks the protocol of huggingface.co: listings with sizes and hashes, `resolve` addresses that
 * send large files to another host, ranges, entity tags, error codes. Faults are put in by the tests.
 */
export interface Repository {
  readonly id: string;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly task?: string;
  readonly license?: string;
  /** `private`: strangers are told that it is not there; `gated`: its terms have to be accepted. */
  readonly access?: 'private' | 'gated';
  /** The listing leaves out sizes and hashes, as some mirrors do. */
  readonly isBare?: boolean;
  /** Content that is sent in place of what the listing says. */
  readonly sent?: ReadonlyMap<string, Buffer>;
}

/** One request, as a test sees it. */
export interface Seen {
  /** `cdn`: the other host, where large files lie. */
  readonly at: 'api' | 'resolve' | 'cdn';
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** What goes wrong with an answer. */
export interface Fault {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The connection is cut after so many bytes of the body. */
  readonly cutAfter?: number;
  /** Nothing more comes after so many bytes of the body. */
  readonly stallAfter?: number;
  /** The body never ends. */
  readonly isEndless?: boolean;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  readonly ignoresRanges?: boolean;
  readonly bytesPerSecond?: number;
}

export const testToken = 'hf_testToken';
const commit = '0123456789abcdef0123456789abcdef01234567';

export class TestHub {
  readonly seen: Seen[] = [];
  /** Asked for every request. */
  fault: (seen: Seen) => Fault | undefined = () => undefined;
  private readonly repositories = new Map<string, Repository>();
  private readonly blobs = new Map<string, Buffer>();
  private readonly servers: Server[] = [];
  origin = '';
  cdn = '';

  static async start(): Promise<TestHub> {
    const hub = new TestHub();
    // By another name, so that it is another host.
    const cdn = await hub.listen((request, response) => hub.answerCdn(request, response));
    hub.cdn = cdn.replace('127.0.0.1', 'localhost');
    hub.origin = await hub.listen((request, response) => hub.answer(request, response));
    return hub;
  }

  add(repository: Repository): this {
    this.repositories.set(repository.id, repository);
    for (const [path, content] of repository.files) {
      this.blobs.set(sha256(content), repository.sent?.get(path) ?? content);
    }
    return this;
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private async listen(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer(answer);
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.origin);
    const path = decodeURIComponent(url.pathname);
    const isApi = path.startsWith('/api/models');
    const fault = this.see(isApi ? 'api' : 'resolve', request, path);
    const send = (status: number, headers: Record<string, string>, body: Buffer | string): void =>
      deliver(request, response, status, headers, Buffer.from(body), fault);
    if (fault?.status !== undefined) {
      send(fault.status, {}, fault.body ?? '');
      return;
    }
    if (path === '/api/models') {
      const words = (url.searchParams.get('search') ?? '').toLowerCase();
      const found = [...this.repositories.values()].filter(({ id, access }) => {
        return id.toLowerCase().includes(words) && access !== 'private';
      });
      const limit = Number(url.searchParams.get('limit') ?? 30);
      const list = found.slice(0, limit).map(({ id, task, access }) => ({
        id,
        modelId: id,
        downloads: 1000,
        likes: 1,
        gated: access === 'gated' ? 'auto' : false,
        pipeline_tag: task,
        tags: ['onnx'],
      }));
      send(200, { 'content-type': 'application/json' }, JSON.stringify(list));
      return;
    }
    const matched =
      /^\/api\/models\/(.+?)(?:\/revision\/(.+))?$/.exec(isApi ? path : '') ??
      /^\/api\/resolve-cache\/models\/(.+?)\/([0-9a-f]{40})\/(.+)$/.exec(path) ??
      /^\/(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(path);
    const repository = this.repositories.get(matched?.[1] ?? '');
    const refusal = refuse(repository, request.headers.authorization);
    if (!repository || refusal) {
      const { status, code, message } = refusal ?? {
        status: 404,
        code: 'RepoNotFound',
        message: 'Repository not found',
      };
      send(status, { 'x-error-code': code, 'x-error-message': message }, message);
      return;
    }
    if (isApi) {
      const wantsBlobs = url.searchParams.get('blobs') === 'true' && !repository.isBare;
      send(200, { 'content-type': 'application/json' }, JSON.stringify(listing(repository, wantsBlobs)));
      return;
    }
    this.resolve(repository, matched?.[3] ?? '', path, send, request);
  }

  private resolve(
    repository: Repository,
    file: string,
    path: string,
    send: (status: number, headers: Record<string, string>, body: Buffer | string) => void,
    request: IncomingMessage,
  ): void {
    const content = repository.files.get(file);
    if (!content) {
      send(404, { 'x-error-code': 'EntryNotFound', 'x-error-message': 'Entry not found' }, 'Entry not found');
      return;
    }
    const hash = sha256(content);
    if (isLarge(file)) {
      const linked = {
        'x-repo-commit': commit,
        'x-linked-size': `${content.length}`,
        'x-linked-etag': `"${hash}"`,
      };
      send(302, { ...linked, location: `${this.cdn}/blobs/${hash}?signature=abc` }, '');
    } else if (!path.startsWith('/api/resolve-cache/')) {
      const location = `/api/resolve-cache/models/${repository.id}/${commit}/${file}`;
      send(307, { 'x-repo-commit': commit, 'x-linked-etag': `"${gitSha1(content)}"`, location }, '');
    } else {
      const { status, headers, body } = ranged(request, content, `"${gitSha1(content)}"`);
      send(
        status,
        { ...headers, 'x-repo-commit': commit, 'content-type': 'text/plain; charset=utf-8' },
        body,
      );
    }
  }

  private answerCdn(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.cdn);
    const fault = this.see('cdn', request, pathname);
    const content = this.blobs.get(pathname.replace('/blobs/', ''));
    if (request.headers.authorization !== undefined) {
      // As S3 does: two ways of signing are one too many.
      deliver(request, response, 400, {}, Buffer.from('Only one auth mechanism allowed'), fault);
    } else if (fault?.status !== undefined) {
      deliver(request, response, fault.status, {}, Buffer.from(fault.body ?? ''), fault);
    } else if (!content) {
      deliver(request, response, 404, {}, Buffer.from('no such key'), fault);
    } else {
      const hash = pathname.replace('/blobs/', '');
      const { status, headers, body } = ranged(request, content, `"${hash}"`, fault?.ignoresRanges);
      deliver(request, response, status, headers, body, fault);
    }
  }

  private see(at: Seen['at'], request: IncomingMessage, path: string): Fault | undefined {
    const { range, authorization } = request.headers;
    const seen = { at, method: request.method ?? 'GET', path, range, authorization };
    this.seen.push(seen);
    return this.fault(seen);
  }
}

/** A folder in Hugging Face layout as a repository's files. */
export function filesOf(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name.replaceAll('\\', '/'), readFileSync(join(folder, name))]),
  );
}

function refuse(
  repository: Repository | undefined,
  authorization: string | undefined,
): { status: number; code: string; message: string } | undefined {
  const isKnown = authorization === `Bearer ${testToken}`;
  if (isKnown || (repository !== undefined && repository.access === undefined)) {
    return undefined;
  }
  return repository?.access === 'gated'
    ? { status: 401, code: 'GatedRepo', message: `Access to model ${repository.id} is restricted.` }
    : { status: 401, code: 'RepoNotFound', message: 'Invalid username or password.' };
}

function listing({ id, files, task, license }: Repository, wantsBlobs: boolean): object {
  const siblings = [...files].map(([path, content]) => ({
    rfilename: path,
    ...(wantsBlobs && {
      size: content.length,
      blobId: gitSha1(content),
      ...(isLarge(path) && { lfs: { sha256: sha256(content), size: content.length, pointerSize: 134 } }),
    }),
  }));
  return {
    id,
    modelId: id,
    sha: commit,
    pipeline_tag: task,
    cardData: { license },
    tags: ['onnx'],
    siblings,
  };
}

function ranged(
  request: IncomingMessage,
  content: Buffer,
  etag: string,
  ignoresRanges = false,
): { status: number; headers: Record<string, string>; body: Buffer } {
  const ifRange = request.headers['if-range'];
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const headers = { etag, 'accept-ranges': 'bytes' };
  if (!range || ignoresRanges || (ifRange !== undefined && ifRange !== etag)) {
    return { status: 200, headers, body: content };
  }
  const start = Number(range[1]);
  const end = range[2] === '' ? content.length - 1 : Math.min(Number(range[2]), content.length - 1);
  if (start > end) {
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${content.length}` } as never,
      body: Buffer.alloc(0),
    };
  }
  const told = { ...headers, 'content-range': `bytes ${start}-${end}/${content.length}` };
  return { status: 206, headers: told, body: content.subarray(start, end + 1) };
}

function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  fault: Fault | undefined,
): void {
  setTimeout(() => void write(request, response, status, headers, body, fault), fault?.delay ?? 0);
}

async function write(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  fault: Fault | undefined,
): Promise<void> {
  const length = fault?.isEndless ? {} : { 'content-length': String(body.length) };
  response.writeHead(status, { ...length, ...headers, ...fault?.headers });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const stop = fault?.cutAfter ?? fault?.stallAfter ?? body.length;
  const step =
    fault?.bytesPerSecond === undefined ? 65_536 : Math.max(1, Math.ceil(fault.bytesPerSecond / 20));
  for (let sent = 0; sent < Math.min(stop, body.length) && !response.destroyed; sent += step) {
    const piece = body.subarray(sent, Math.min(sent + step, stop));
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    if (fault?.bytesPerSecond !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  if (fault?.isEndless) {
    const more = setInterval(() => response.write(Buffer.alloc(65_536)), 5);
    response.on('close', () => clearInterval(more));
  } else if (fault?.cutAfter !== undefined) {
    // Let what was written go out before the line is cut.
    setTimeout(() => response.destroy(), 5);
  } else if (fault?.stallAfter === undefined) {
    response.end();
  }
}

function isLarge(path: string): boolean {
  return /\.onnx(_data|\.data)?/.test(path);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function gitSha1(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
