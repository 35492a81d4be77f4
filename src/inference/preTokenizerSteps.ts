import type { AlignedText } from './alignedText';

/** Cuts a text into the words that the vocabulary's model sees one by one. */
export type Split = (text: AlignedText) => AlignedText[];

/** What we read from a pre-tokenizer of the tokenizer library. */
export interface PreTokenizerNode {
  readonly config?: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly tokenizers?: readonly (PreTokenizerNode | null)[];
  readonly pattern?: RegExp | null;
}

/** The part of a pre-tokenizer's definition that the library keeps nowhere. */
export type PreTokenizerConfig = Readonly<Record<string, unknown>> & { readonly type: string };

type Behavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

const gpt2 = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;
/** As in BERT: Unicode punctuation, and every ASCII symbol. */
const punctuation = /[\p{P}!-/:-@[-`{-~]/gu;
const word = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]+|[^\p{White_Space}\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]+/gu;

/**
 * A pre-tokenizer of `tokenizer.json` as a cut that keeps alignment.
 * @param node the library's object for it, whose patterns are compiled for JavaScript
 * @throws {Error} for a type that is not known
 */
export function preTokenizerSplit(config: PreTokenizerConfig | null, node: PreTokenizerNode | null): Split {
  if (config === null) {
    return (text) => [text];
  }
  switch (config.type) {
    case 'Sequence': {
      const configs = config['pretokenizers'] as readonly PreTokenizerConfig[];
      const splits = configs.map((each, index) => preTokenizerSplit(each, node?.tokenizers?.[index] ?? null));
      return (text) => splits.reduce((words, split) => words.flatMap(split), [text]);
    }
    case 'Metaspace':
      return metaspace(config);
    case 'ByteLevel':
      return byteLevel(config['add_prefix_space'] === true, config['use_regex'] !== false);
    case 'Split': {
      const pattern = node?.pattern;
      const behavior = (config['behavior'] ?? 'Isolated') as Behavior;
      return (text) => (pattern ? cut(text, pattern, behavior, config['invert'] === true) : [text]);
    }
    case 'BertPreTokenizer':
      return (text) =>
        cut(text, /\p{White_Space}/gu, 'Removed').flatMap((part) => cut(part, punctuation, 'Isolated'));
    case 'Punctuation':
      return (text) => cut(text, punctuation, (config['behavior'] ?? 'Isolated') as Behavior);
    case 'Digits':
      return (text) => cut(text, /\p{N}/gu, config['individual_digits'] === true ? 'Isolated' : 'Contiguous');
    case 'Whitespace':
      return (text) => cut(text, word, 'Removed', true);
    case 'WhitespaceSplit':
      return (text) => cut(text, /\p{White_Space}/gu, 'Removed');
    default:
      throw new Error(`pre-tokenizer ${config.type}`);
  }
}

/** SentencePiece's words: `▁` for a space, one put before the text, a word begins at each. */
function metaspace(config: PreTokenizerConfig): Split {
  const space = String(config['replacement'] ?? '▁');
  const fallback = config['add_prefix_space'] === false ? 'never' : 'always';
  const scheme = String(config['prepend_scheme'] ?? fallback);
  // The file says a sign, not a pattern.
  const pattern = new RegExp(space.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'gu');
  return (text) => {
    let spelled = text.mapMatches(/ /g, () => space);
    const wanted = scheme === 'always' || (scheme === 'first' && text.range(0, 0).start === 0);
    if (wanted && !spelled.text.startsWith(space)) {
      spelled = spelled.edit([{ from: 0, to: 0, text: space }]);
    }
    return config['split'] === false ? [spelled] : cut(spelled, pattern, 'MergedWithNext');
  };
}

/** GPT-2's words (Radford et al. 2019), with each byte of their UTF-8 as a printable character. */
function byteLevel(prefixSpace: boolean, useRegex: boolean): Split {
  return (text) => {
    const whole =
      prefixSpace && !text.text.startsWith(' ') ? text.edit([{ from: 0, to: 0, text: ' ' }]) : text;
    const words = useRegex ? cut(whole, gpt2, 'Isolated') : [whole];
    return words.map((each) => (/^[!-~]*$/.test(each.text) ? each : each.map(spelledBytes)));
  };
}

/** Matches of `pattern` and what lies between, joined or left out as `behavior` says. */
function cut(text: AlignedText, pattern: RegExp, behavior: Behavior, invert = false): AlignedText[] {
  const pieces: { from: number; to: number; isMatch: boolean }[] = [];
  let done = 0;
  for (const { 0: found, index } of text.text.matchAll(pattern)) {
    if (index > done) {
      pieces.push({ from: done, to: index, isMatch: invert });
    }
    if (found !== '') {
      pieces.push({ from: index, to: index + found.length, isMatch: !invert });
    }
    done = index + found.length;
  }
  if (done < text.text.length) {
    pieces.push({ from: done, to: text.text.length, isMatch: invert });
  }
  const kept: typeof pieces = [];
  let before: (typeof pieces)[number] | undefined;
  for (const piece of pieces) {
    const last = kept.at(-1);
    const joins =
      (behavior === 'MergedWithPrevious' && piece.isMatch && before?.isMatch === false) ||
      (behavior === 'MergedWithNext' && !piece.isMatch && before?.isMatch === true) ||
      (behavior === 'Contiguous' && piece.isMatch === before?.isMatch);
    if (last && joins) {
      last.to = piece.to;
    } else if (behavior !== 'Removed' || !piece.isMatch) {
      kept.push({ ...piece });
    }
    before = piece;
  }
  return kept.map(({ from, to }) => text.slice(from, to));
}

const utf8 = new TextEncoder();

function spelledBytes(char: string): string {
  const code = char.charCodeAt(0);
  return code < 0x80
    ? (byteSpelling[code] as string)
    : Array.from(utf8.encode(char), (byte) => byteSpelling[byte]).join('');
}

/** GPT-2's `bytes_to_unicode`: printable Latin-1 stands for itself, the rest from U+0100 on. */
const byteSpelling: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(printable ? byte : next++);
  });
})();
