import { ScopeError } from '../protocol/errors';

/** A model on the hub, and which version of it. */
export interface ModelId {
  /** `owner/name`; of the oldest models only `name`. */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

/** How the hub spells owners and names: no part of it means anything to a file system. */
const segment = /^[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?$/;
/** Names that Windows keeps for devices. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** What follows `owner/name` in an address of the hub. */
const pages = new Set(['tree', 'blob', 'resolve', 'raw', 'commit', 'edit', 'discussions']);

/**
 * Reads what a person typed: `owner/name`, `owner/name@revision`, or an address of the hub or of a mirror, whose
 * host is left aside: the setting decides where models come from.
 * @throws {ScopeError} `badModelId`
 */
export function parseModelId(typed: string): ModelId {
  const text = typed.trim();
  const address = /^(?:https?:\/\/|hf:\/\/(?:models\/)?|(?:www\.)?(?:huggingface\.co|hf\.co)\/)/i.exec(text);
  const isHosted = address !== null && /^https?:/i.test(address[0]);
  let path = address ? text.slice(address[0].length) : text;
  path = path.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const parts = path.split('/').slice(isHosted ? 1 : 0);
  if (address && /^(datasets|spaces|collections|papers|api|docs)$/.test(parts[0] ?? '')) {
    throw new ScopeError('badModelId', text);
  }
  const page = parts.findIndex((part, index) => index > 0 && pages.has(part));
  const named = page > 0 ? parts.slice(0, page) : parts;
  const last = named.at(-1) ?? '';
  const [name = '', marked] = last.split('@');
  const id = [...named.slice(0, -1), name].join('/');
  const revision = marked ?? (page > 0 ? decode(parts[page + 1] ?? 'main') : 'main');
  if (!isModelId(id) || !/^[\w.][\w./-]{0,199}$/.test(revision) || revision.includes('..')) {
    throw new ScopeError('badModelId', text);
  }
  return { id, revision };
}

/** Whether a text is a model's id as the hub gives them, safe as a path too. */
export function isModelId(id: string): boolean {
  const parts = id.split('/');
  return (
    parts.length <= 2 &&
    parts.every((part) => segment.test(part) && !/\.\.|--/.test(part) && !device.test(part))
  );
}

const longestPath = 500;

/** Whether a path in a repository stays inside the folder that it is put in, on every system. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  // Windows leaves out dots and spaces at the end of a name: `.. ` would be `..` there, and `a.` be `a`.
  const isName = (part: string): boolean =>
    part !== '' && !/[\\:*?"<>|\u0000-\u001f]|[. ]$/.test(part) && !device.test(part);
  return path.length <= longestPath && parts.every(isName);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
