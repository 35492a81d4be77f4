import { readFile } from 'node:fs/promises';

/** A page's strings as VS Code gives them in Chinese. */
export async function inChinese<T extends object>(english: T): Promise<T> {
  const bundle = JSON.parse(await readFile('media/l10n/bundle.l10n.zh-cn.json', 'utf8')) as Record<
    string,
    string
  >;
  return Object.fromEntries(
    Object.entries(english).map(([key, text]) => [key, bundle[text as string] ?? (text as string)]),
  ) as T;
}
