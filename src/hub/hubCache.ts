import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isModelId } from './modelId';
import { type Dtype, variantsOf } from './variants';
import { hasListedContent } from './verify';

/** A model that another program has put into the Hugging Face cache. */
export interface CachedModel {
  readonly id: string;
  /** The snapshot, which is a folder like any other. */
  readonly folder: string;
  readonly dtypes: readonly Dtype[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Hugging Face's libraries keep what they have downloaded, by their own rules. */
export function hubCacheFolder(environment: Environment, home: string): string {
  const named = environment['HF_HUB_CACHE'] ?? environment['HUGGINGFACE_HUB_CACHE'];
  if (named) {
    return expand(named, home);
  }
  const hfHome = environment['HF_HOME'];
  const cache = environment['XDG_CACHE_HOME'];
  return hfHome
    ? join(expand(hfHome, home), 'hub')
    : join(cache ? expand(cache, home) : join(home, '.cache'), 'huggingface', 'hub');
}

/** The models with ONNX files in a cache; most of what lies in one has none. */
export async function cachedModels(cache: string): Promise<CachedModel[]> {
  const names = await readdir(cache).catch((): string[] => []);
  const found = await Promise.all(
    names.flatMap((name) => {
      const id = /^models--(.+)$/.exec(name)?.[1]?.replaceAll('--', '/');
      return id !== undefined && isModelId(id) ? [cachedModel(cache, id)] : [];
    }),
  );
  return found.filter((model) => model !== undefined);
}

/** One model of the cache, where its files are all there. */
export async function cachedModel(cache: string, id: string): Promise<CachedModel | undefined> {
  const repository = join(cache, `models--${id.replaceAll('/', '--')}`);
  const commit = await readFile(join(repository, 'refs', 'main'), 'utf8').catch(() => '');
  const snapshots = join(repository, 'snapshots');
  const others = await readdir(snapshots).catch((): string[] => []);
  for (const name of new Set([commit.trim(), ...others])) {
    const folder = join(snapshots, name);
    if (/^[\w.-]+$/.test(name) && (await stat(folder).catch(() => undefined))?.isDirectory()) {
      const { checkFolder } = await import('./checkFolder');
      const { problems, dtypes } = await checkFolder(folder);
      if (problems.length === 0) {
        return { id, folder, dtypes };
      }
    }
  }
  return undefined;
}

/**
 * The files of a cached model whose content is not what their name says: the cache names the content of large files
 * by its SHA-256, as it does where links can be made.
 */
export async function damagedFiles({ folder }: CachedModel, signal?: AbortSignal): Promise<string[]> {
  const names = await readdir(join(folder, 'onnx')).catch((): string[] => []);
  const [best] = variantsOf(names.map((name) => ({ path: `onnx/${name}` })));
  const damaged: string[] = [];
  for (const { path } of best?.files ?? []) {
    const file = join(folder, ...path.split('/'));
    const sha256 = basename(await readlink(file).catch(() => ''));
    if (/^[0-9a-f]{64}$/.test(sha256)) {
      const { size } = await stat(file);
      if (!(await hasListedContent(file, { path, size, sha256 }, signal))) {
        damaged.push(path);
      }
    }
  }
  return damaged;
}

function expand(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}
