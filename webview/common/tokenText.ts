import type { Token } from '../../src/protocol/model';

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** Characters that take no room or steer their neighbours: shown by code point (joiners are part of emoji). */
const invisible =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A token as a person can see it: blanks, line ends and control characters get a sign. */
export function visibleText(token: Pick<Token, 'text' | 'piece'>): string {
  const text = token.text === '' ? token.piece : token.text;
  return text
    .replace(/ /g, '·')
    .replace(/\r\n|\n|\r/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(invisible, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Visible text for a sentence or a canvas: cut when long, and kept from turning its surroundings. */
export function shortText(token: Token, limit = 24): string {
  const characters = Array.from(visibleText(token));
  const text =
    characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : characters.join('');
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}
