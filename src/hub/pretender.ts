/** Enough of a file's beginning to recognise what {@link describePretender} names. */
export const pretenderHead = 200;

/** Names the two things that are often found where a model file should be. */
export function describePretender(head: string): string | undefined {
  if (head.startsWith('version https://git-lfs')) {
    return 'a Git LFS pointer, not the file itself';
  }
  if (/^\s*<(!doctype|html)/i.test(head)) {
    return 'an HTML page, not the file itself';
  }
  return undefined;
}
