import { type ErrorCode, ScopeError } from '../protocol/errors';

/** A failure of a server, and whether asking again may help. */
export class ServerFailure extends ScopeError {
  constructor(
    code: ErrorCode,
    detail: string,
    readonly isTransient: boolean,
    /** How long the server asks us to wait, in milliseconds. */
    readonly retryAfter?: number,
    options?: { cause?: unknown },
  ) {
    super(code, detail, options);
  }
}

const longestSentence = 300;

/** What a server said went wrong, in one short line and without the key, which some servers repeat. */
export function serverSentence(text: string, key: string | undefined): string {
  // Some servers escape what they repeat.
  const forms = key ? [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), btoaOf(key)] : [];
  const safe = forms.reduce((left, form) => (form === '' ? left : left.replaceAll(form, '…')), text);
  // Signs that steer a terminal are no part of a sentence.
  const line = safe.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > longestSentence ? `${line.slice(0, longestSentence)}…` : line;
}

/** The sentence in an error's body: OpenAI's `{error: {message}}`, Ollama's `{error}`, FastAPI's `{detail}`. */
export function errorSentence(body: unknown, depth = 0): string | undefined {
  if (typeof body !== 'object' || body === null) {
    return undefined;
  }
  const { error, message, detail } = body as Readonly<Record<string, unknown>>;
  for (const found of [error, message, detail]) {
    if (typeof found === 'string') {
      return found;
    }
    if (typeof found === 'object' && found !== null) {
      return depth < deepest ? (errorSentence(found, depth + 1) ?? written(found)) : '';
    }
  }
  return undefined;
}

const deepest = 10;

/** Nothing for what is nested deeper than can be written. */
function written(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

function btoaOf(key: string): string {
  return btoa(Array.from(new TextEncoder().encode(key), (byte) => String.fromCharCode(byte)).join(''));
}

/** The failure that a status stands for. Only what may pass by itself is tried again. */
export function statusFailure(
  status: number,
  host: string,
  sentence: string,
  retryAfter: number | undefined,
): ServerFailure {
  const detail = sentence === '' ? `${host}: ${status}` : `${host}: ${status}: ${sentence}`;
  if (status === 408 || status === 429 || status >= 500) {
    return new ServerFailure('serverBusy', detail, true, retryAfter);
  }
  const code = status === 401 || status === 403 ? 'serverKey' : 'serverRefused';
  return new ServerFailure(code, detail, false);
}

/**
 * `Retry-After` in milliseconds: seconds, or a date.
 * @param now milliseconds since 1970
 */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) {
    return undefined;
  }
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) {
    return 1000 * Number(header);
  }
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
