import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A sentence in the reader's language with `{0}`, `{1}` … filled in. */
export type Translate = (text: string, ...args: (string | number)[]) => string;

/**
 * The language that a terminal asks for, and the sentences in it: those of the extension, whose translations lie
 * in its package.
 * @param root the package's folder
 */
export function translator(root: string, language: 'en' | 'zh'): Translate {
  const bundle = language === 'zh' ? readBundle(join(root, 'media', 'l10n', 'bundle.l10n.zh-cn.json')) : {};
  return (text, ...args) =>
    (bundle[text] ?? text).replace(/\{(\d)\}/g, (place, index: string) =>
      String(args[Number(index)] ?? place),
    );
}

/** From `LC_ALL`, `LC_MESSAGES` or `LANG`, e.g. `zh_CN.UTF-8`. */
export function languageOf(env: NodeJS.ProcessEnv): 'en' | 'zh' {
  const name = env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '';
  return /^zh/i.test(name) ? 'zh' : 'en';
}

function readBundle(path: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}
