import type { Counts } from './counts';

/** How lines of the browser's console begin that tests in a web worker wrote. */
export const resultMark = 'transformer scope tests: ';

/** What a command says that works on the desktop only, and the file by which a test hears that it stands on the screen. */
export const refusal = 'This works only in VS Code on the desktop';
export const seenFile = 'refusal-seen';

/** Something to show, or what the tests came to. */
export type WebResult = { readonly line: string } | { readonly counts: Counts };

/** What a line of the console says; undefined for one that others wrote. */
export function readResult(text: string): WebResult | undefined {
  const at = text.indexOf(resultMark);
  if (at < 0) {
    return undefined;
  }
  // VS Code passes on what the extension host writes, with words of its own around it.
  const json = /\{.*\}/s.exec(text.slice(at + resultMark.length))?.[0];
  return json === undefined ? undefined : (JSON.parse(json) as WebResult);
}
