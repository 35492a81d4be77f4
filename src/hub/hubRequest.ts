import { ScopeError } from '../protocol/errors';
import { HubError, unreachable } from './hubError';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How patient requests are, in milliseconds. */
export interface Patience {
  /** Until an answer begins. */
  readonly answer: number;
  /** Between two pieces of an answer. */
  readonly silence: number;
  /** Before the second try, the third, … of a file that breaks off. */
  readonly retries: readonly number[];
}

export const patient: Patience = {
  answer: 30_000,
  silence: 30_000,
  retries: [1000, 2000, 4000, 8000, 16_000],
};

export interface RequestOptions {
  readonly fetch: Fetch;
  readonly patience: Patience;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent to the origin of the first address and to no other. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer, and every answer on the way that sent elsewhere. */
export interface Answer {
  readonly response: Response;
  readonly redirects: readonly Response[];
  /** Ends the connection. */
  abort(): void;
}

const mostRedirects = 6;

/**
 * Sends a request and follows redirects itself: large files lie on other hosts, which must not see the token.
 * @throws {HubError} when no answer comes
 */
export async function request(first: string, options: RequestOptions): Promise<Answer> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  const home = new URL(first);
  const redirects: Response[] = [];
  let url = home;
  for (;;) {
    const token = url.origin === home.origin && isPrivate(url) ? options.token : undefined;
    const response = await answerWithin(options, url, controller, token);
    const target = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || response.status === 304 || target === null) {
      return { response, redirects, abort };
    }
    await response.body?.cancel();
    redirects.push(response);
    const next = URL.canParse(target, url.href) ? new URL(target, url) : undefined;
    if (!next) {
      throw new HubError('hubFailed', `${url.host} sends to no address`);
    }
    if (!/^https?:$/.test(next.protocol) || (url.protocol === 'https:' && next.protocol === 'http:')) {
      throw new HubError('hubFailed', `${url.host} sends to ${next.protocol}//${next.host}`);
    }
    if (redirects.length > mostRedirects) {
      throw new HubError('hubFailed', `${home.host} sends around in circles`);
    }
    url = next;
  }
}

/** A token does not travel where others can read it. */
function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

async function answerWithin(
  options: RequestOptions,
  url: URL,
  controller: AbortController,
  token: string | undefined,
): Promise<Response> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    controller.abort();
  }, options.patience.answer);
  try {
    return await options.fetch(url.href, {
      method: options.method ?? 'GET',
      redirect: 'manual',
      signal: controller.signal,
      headers: {
        // Compressed on the way, lengths and ranges would not be those of the file.
        'accept-encoding': 'identity',
        ...options.headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  } catch (error) {
    if (options.signal?.aborted) {
      throw new ScopeError('cancelled', undefined, { cause: error });
    }
    throw isLate
      ? new HubError('hubOffline', `${url.host}: no answer for ${options.patience.answer / 1000} s`, {
          isTransient: true,
        })
      : unreachable(error, url.host);
  } finally {
    clearTimeout(timer);
  }
}

/** The pieces of an answer as they come. @throws {HubError} when it breaks off or falls silent. */
export async function* chunks(
  { response, abort }: Answer,
  { patience, signal }: Pick<RequestOptions, 'patience' | 'signal'>,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) {
    return;
  }
  const host = response.url === '' ? 'hub' : new URL(response.url).host;
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          const detail = `${host}: no data for ${patience.silence / 1000} s`;
          reject(new HubError('hubOffline', detail, { isTransient: true }));
        }, patience.silence);
      });
      const { done, value } = await Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer));
      if (done) {
        return;
      }
      yield value;
    }
  } catch (error) {
    if (signal?.aborted) {
      throw new ScopeError('cancelled', undefined, { cause: error });
    }
    throw error instanceof ScopeError ? error : unreachable(error, host);
  } finally {
    // Whoever stops listening early has no use for the rest.
    abort();
  }
}
