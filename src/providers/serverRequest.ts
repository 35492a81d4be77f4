import { ScopeError } from '../protocol/errors';
import { type Endpoint, isPrivate } from './endpoint';
import { ServerFailure, errorSentence, retryAfterOf, serverSentence, statusFailure } from './serverFailure';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How one request reaches a server. */
export interface ServerCall {
  readonly endpoint: Endpoint;
  readonly fetch: Fetch;
  readonly key: string | undefined;
  /** Behind the address, e.g. `/chat/completions`. */
  readonly path: string;
  /** Sent as JSON by POST; without one it is a GET. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** An answer that began well. */
export interface Begun {
  readonly response: Response;
  /** Its pieces as they come. @throws {ServerFailure} when it breaks off, falls silent or does not end */
  pieces(): AsyncGenerator<Uint8Array>;
}

/** More than any answer needs; a server that sends without end would fill the memory. */
const mostBytes = 64_000_000;
const mostErrorBytes = 100_000;

/**
 * Sends one request, once, and waits for its answer to begin. Redirects are not followed: a key, and a text, go to
 * the address that the person has named and to no other.
 * @throws {ServerFailure} for anything but a 2xx; `cancelled`
 */
export async function callServer(call: ServerCall): Promise<Begun> {
  const { endpoint, key, signal } = call;
  const { host } = new URL(endpoint.url);
  if (key !== undefined && !isPrivate(endpoint.url)) {
    throw new ServerFailure('serverUnsafe', host, false);
  }
  const clock = new SilenceClock(1000 * endpoint.timeoutSeconds, signal);
  try {
    const response = await clock.during(
      call.fetch(`${endpoint.url}${call.path}`, {
        method: call.body ? 'POST' : 'GET',
        redirect: 'manual',
        signal: clock.signal,
        headers: {
          accept: 'text/event-stream, application/json',
          ...(call.body ? { 'content-type': 'application/json' } : {}),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        ...(call.body ? { body: JSON.stringify(call.body) } : {}),
      }),
    );
    if (response.ok) {
      return { response, pieces: () => pieces(response, clock, host) };
    }
    if (response.status < 400) {
      clock.end();
      throw new ServerFailure('serverRefused', `${host}: ${response.status}: it sends elsewhere`, false);
    }
    const said = await errorText(pieces(response, clock, host));
    const retryAfter = retryAfterOf(response.headers.get('retry-after'), Date.now());
    throw statusFailure(response.status, host, serverSentence(said, key), retryAfter);
  } catch (error) {
    clock.end();
    throw clock.failure(error, host);
  }
}

/**
 * An answer as JSON.
 * @throws {ServerFailure} `serverAnswer` when it is none
 */
export async function readJson({ response, pieces: read }: Begun, host: string): Promise<unknown> {
  const text = await textOf(read(), mostBytes);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const type = response.headers.get('content-type') ?? '';
    const what = /html/.test(type) || /^\s*</.test(text) ? 'a web page' : 'no JSON';
    throw new ServerFailure('serverAnswer', `${host}: ${what}`, false, undefined, { cause: error });
  }
}

async function errorText(read: AsyncGenerator<Uint8Array>): Promise<string> {
  let text: string;
  try {
    text = await textOf(read, mostErrorBytes);
  } catch {
    return '';
  }
  try {
    return errorSentence(JSON.parse(text)) ?? text;
  } catch {
    return /^\s*</.test(text) ? '' : text;
  }
}

async function textOf(read: AsyncGenerator<Uint8Array>, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of read) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > most) {
      break;
    }
  }
  return text + decoder.decode();
}

async function* pieces(response: Response, clock: SilenceClock, host: string): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = (await clock.during(
        reader?.read() ?? Promise.resolve({ done: true as const, value: undefined }),
      )) as { readonly done: boolean; readonly value?: Uint8Array };
      if (done || !value) {
        return;
      }
      size += value.length;
      if (size > mostBytes) {
        throw new ServerFailure('serverAnswer', `${host}: more than ${mostBytes / 1e6} MB`, false);
      }
      yield value;
    }
  } catch (error) {
    throw clock.failure(error, host);
  } finally {
    // Whoever stops listening early has no use for the rest.
    clock.end();
  }
}

/** Ends a request that is cancelled or that falls silent, and tells which of the two it was. */
class SilenceClock {
  private readonly controller = new AbortController();
  private isLate = false;
  private readonly onAbort = (): void => this.controller.abort();

  constructor(
    private readonly milliseconds: number,
    private readonly outer: AbortSignal,
  ) {
    if (outer.aborted) {
      this.controller.abort();
    }
    outer.addEventListener('abort', this.onAbort);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Waits for one step. */
  async during<T>(step: Promise<T>): Promise<T> {
    let stop: () => void = () => undefined;
    const ended = new Promise<never>((_, reject) => {
      stop = () => reject(new Error('aborted'));
    });
    this.signal.addEventListener('abort', stop);
    const timer = setTimeout(() => {
      this.isLate = true;
      this.controller.abort();
    }, this.milliseconds);
    ended.catch(() => undefined);
    step.catch(() => undefined);
    try {
      return await Promise.race([step, ended]);
    } finally {
      clearTimeout(timer);
      this.signal.removeEventListener('abort', stop);
    }
  }

  end(): void {
    this.outer.removeEventListener('abort', this.onAbort);
    this.controller.abort();
  }

  /** What an error on the way really was. */
  failure(error: unknown, host: string): ScopeError {
    if (this.outer.aborted) {
      return new ScopeError('cancelled', undefined, { cause: error });
    }
    if (this.isLate) {
      const detail = `${host}: nothing for ${this.milliseconds / 1000} s`;
      return new ServerFailure('serverSilent', detail, false, undefined, { cause: error });
    }
    if (error instanceof ScopeError) {
      return error;
    }
    const text = error instanceof Error ? error.message : String(error);
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return new ServerFailure('serverUnreachable', `${host}: ${text}${cause}`, true, undefined, {
      cause: error,
    });
  }
}
