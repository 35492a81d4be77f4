import { type ErrorCode, ScopeError } from '../protocol/errors';

/** A failure of the hub, or on the way to it. */
export class HubError extends ScopeError {
  /** Whether the same request may succeed a little later. */
  readonly isTransient: boolean;
  /** How long the hub asks to wait, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    options: { cause?: unknown; isTransient?: boolean; retryAfter?: number | undefined } = {},
  ) {
    super(code, detail, options);
    this.isTransient = options.isTransient ?? false;
    this.retryAfter = options.retryAfter;
  }
}

/**
 * What a refusing answer means. The hub answers 401 for what is not there, too, as long as nobody is named: it does
 * not tell strangers which private models exist.
 */
export function refusal(response: Response, what: string): HubError {
  const code = response.headers.get('x-error-code') ?? '';
  const said = response.headers.get('x-error-message') ?? '';
  const detail = `${what}: ${response.status}${said ? ` ${said.slice(0, 200)}` : ''}`;
  if (code === 'GatedRepo') {
    return new HubError('hubGated', detail);
  }
  switch (response.status) {
    case 401:
    case 403:
      return new HubError('hubNeedsToken', detail);
    case 404:
    case 410:
      return new HubError('hubNotFound', detail);
    case 429:
      return new HubError('hubBusy', detail, { isTransient: true, retryAfter: retryAfter(response) });
    case 408:
      return new HubError('hubFailed', detail, { isTransient: true });
    default: {
      const isTransient = response.status >= 500;
      return new HubError('hubFailed', detail, { isTransient, retryAfter: retryAfter(response) });
    }
  }
}

/** `Retry-After` in milliseconds: seconds, or a date. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) {
    return undefined;
  }
  const seconds = Number(value);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

/** A `fetch` that got no answer, or whose answer broke off. */
export function unreachable(error: unknown, host: string): HubError {
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } };
  const text = String(cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : error));
  // A certificate that is not trusted stays so.
  const isTransient = !/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_INVALID_URL/i.test(text);
  return new HubError('hubOffline', `${host}: ${text}`, { cause: error, isTransient });
}

/** Whether the disk, not the network, is the trouble; anything else passes unchanged. */
export function diskFailure(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new HubError('diskFull', path, { cause: error });
  }
  return code !== undefined && /^(EACCES|EPERM|EROFS|EIO|ENOTDIR|ENAMETOOLONG|EBUSY)$/.test(code)
    ? new HubError('writeFailed', `${path}: ${code}`, { cause: error })
    : error;
}
