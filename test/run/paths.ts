import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(__dirname, '../..');

/** Everything the scripts download: ignored by git, safe to delete, shared by all of them. */
export const cacheDir = join(root, '.vscode-test');

/** The small workspace that is opened for trying things out and for pictures. */
export const sampleDir = join(root, 'media', 'sample');

/** A path as the path of a URI: with slashes, the first one before a drive's letter too. */
export function uriPath(path: string): string {
  return path.startsWith('/') ? path : `/${path.replaceAll('\\', '/')}`;
}
