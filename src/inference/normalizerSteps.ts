import type { AlignedText, Edit } from './alignedText';
import { CharsMap } from './charsMap';
import { graphemesOf } from './graphemes';

/** One step of a tokenizer's pipeline. */
export type Step = (text: AlignedText) => AlignedText;

/** What we read from a normaliser of the tokenizer library: its definition, and patterns compiled for JavaScript. */
export interface NormalizerNode {
  readonly config: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly normalizers?: readonly (NormalizerNode | null)[];
  readonly pattern?: RegExp | null;
}

/**
 * A normaliser of `tokenizer.json` as a step that keeps alignment.
 * @throws {Error} for a type that is not known
 */
export function normalizerStep(node: NormalizerNode | null): Step {
  if (node === null) {
    return (text) => text;
  }
  const { config } = node;
  switch (config.type) {
    case 'Sequence':
      return sequence((node.normalizers ?? []).map(normalizerStep));
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = config.type;
      return (text) => unicodeForm(text, form);
    }
    case 'Lowercase':
      return lowercase;
    case 'StripAccents':
      return (text) => text.mapMatches(/\p{M}/gu, () => '');
    case 'Strip':
      return strip(config['strip_left'] === true, config['strip_right'] === true);
    case 'Replace': {
      const content = String(config['content'] ?? '');
      const pattern = node.pattern;
      return (text) => (pattern ? text.mapMatches(pattern, () => content) : text);
    }
    case 'Prepend': {
      const prefix = String(config['prepend'] ?? '');
      return (text) => (text.text === '' ? text : text.edit([{ from: 0, to: 0, text: prefix }]));
    }
    case 'Precompiled':
      return precompiled(config['precompiled_charsmap']);
    case 'BertNormalizer':
      return bert(config);
    default:
      throw new Error(`normalizer ${config.type}`);
  }
}

export function sequence(steps: readonly Step[]): Step {
  return (text) =>
    steps.reduce((current, step) => {
      const next = step(current);
      // A file may write two signs for each, again and again.
      if (next.text.length > longestText && next.text.length > mostGrowth * text.text.length) {
        throw new Error(`the normalizer makes ${next.text.length} characters of ${text.text.length}`);
      }
      return next;
    }, text);
}

const longestText = 100_000;
/** NFKC makes at most 18 characters of one. */
const mostGrowth = 20;

/** As in Rust: each character by itself, so that a final sigma is like any other. */
function lowercase(text: AlignedText): AlignedText {
  return text.map((char) => char.toLowerCase());
}

const blank = /\p{White_Space}/u;

function strip(left: boolean, right: boolean): Step {
  return (text) => {
    // Not `trim`, which takes a byte order mark for white space.
    const { text: source } = text;
    let [from, to] = [0, source.length];
    while (left && from < to && blank.test(source[from]!)) {
      from++;
    }
    while (right && to > from && blank.test(source[to - 1]!)) {
      to--;
    }
    return text.slice(from, to);
  };
}

/** A letter with its marks, or a Hangul syllable, changes as one. */
const cluster =
  /[\u1100-\u115f]+[\u1160-\u11a7]*[\u11a8-\u11ff]*\p{M}*|[\uac00-\ud7a3][\u11a7-\u11ff]*\p{M}*|\P{M}?[\p{M}\uff9e\uff9f]+|./gsu;
/** Coarser, but certain: only marks change an ASCII character, and nothing joins it to what follows. */
const coarse = /[\0-\x7f]\p{M}*|[^\0-\x7f]+/gu;

function unicodeForm(text: AlignedText, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): AlignedText {
  const whole = text.text.normalize(form);
  if (whole === text.text) {
    return text;
  }
  const fine = text.mapMatches(cluster, (part) => part.normalize(form));
  return fine.text === whole ? fine : text.mapMatches(coarse, (part) => part.normalize(form));
}

function precompiled(charsMap: unknown): Step {
  if (typeof charsMap !== 'string' || charsMap === '') {
    return (text) => text;
  }
  const map = new CharsMap(charsMap);
  return (text) => {
    const edits: Edit[] = [];
    for (const { segment, index } of graphemesOf(text.text)) {
      if (map.normalize(segment) !== segment) {
        edits.push(...graphemeEdits(map, segment, index));
      }
    }
    return text.edit(edits);
  };
}

/** A grapheme that is looked up whole changes as one, else each of its characters by itself. */
function graphemeEdits(map: CharsMap, grapheme: string, from: number): Edit[] {
  const normalized = map.normalize(grapheme);
  const single = Array.from(grapheme, (char) => map.lookUp(char) ?? char);
  if (single.join('') !== normalized) {
    return [{ from, to: from + grapheme.length, text: normalized }];
  }
  const edits: Edit[] = [];
  let offset = from;
  for (const [index, char] of [...grapheme].entries()) {
    edits.push({ from: offset, to: offset + char.length, text: single[index]! });
    offset += char.length;
  }
  return edits;
}

const ideograph =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;

/** BERT's basic tokenisation (Devlin et al. 2019): cleaning, ideographs apart, no accents, lower case. */
function bert(config: Readonly<Record<string, unknown>>): Step {
  const steps: Step[] = [];
  if (config['clean_text'] !== false) {
    steps.push((text) => text.mapMatches(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\ufffd]/gu, () => ''));
    steps.push((text) => text.mapMatches(/\p{White_Space}/gu, () => ' '));
  }
  if (config['handle_chinese_chars'] !== false) {
    steps.push((text) => {
      const edits: Edit[] = [];
      for (const { 0: char, index } of text.text.matchAll(ideograph)) {
        const end = index + char.length;
        edits.push({ from: index, to: index, text: ' ' }, { from: end, to: end, text: ' ' });
      }
      return text.edit(edits);
    });
  }
  if (config['strip_accents'] ?? config['lowercase']) {
    steps.push((text) => unicodeForm(text, 'NFD').mapMatches(/\p{Mn}/gu, () => ''));
  }
  if (config['lowercase'] !== false) {
    steps.push(lowercase);
  }
  return sequence(steps);
}
