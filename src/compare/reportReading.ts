import type { AttentionRun } from '../protocol/attention';
import type { Token } from '../protocol/model';
import { type Reading, type Side, isMissing, sides } from '../protocol/compare';
import type { Block } from '../report/document';
import { type AttentionShares, attentionShares, uniformShares } from './attentionShares';
import { type ReportFacts, found, missingSides, notMeasured, text } from './reportFacts';
import { tokenFacts } from './tokenFacts';

const mostExamples = 6;
const mostRows = 20;

/** How each model cuts the text. */
export function tokenSection(facts: ReportFacts): Block[] {
  const { reading, names, speech, architecture } = facts;
  if (!reading) {
    return [notMeasured(facts, 'reading')];
  }
  const [left, right] = [tokenFacts(reading, 'left'), tokenFacts(reading, 'right')];
  if (!left || !right) {
    return missingSides(facts, reading);
  }
  const { say, paragraph, percent, count } = speech;
  const pieces = wordPieces(reading);
  const differing = pieces.filter(({ alike }) => !alike);
  const whole = (a: boolean, b: boolean): number =>
    pieces.filter(({ left, right }) => (left.length === 1) === a && (right.length === 1) === b).length;
  const [plainLeft, plainRight] = [left.tokens - left.special, right.tokens - right.special];
  const fewer: Side = plainLeft < plainRight ? 'left' : 'right';
  const [ownVocabulary, otherVocabulary] = [
    architecture[fewer]?.vocabularySize,
    architecture[fewer === 'left' ? 'right' : 'left']?.vocabularySize,
  ];
  const blocks: Block[] = [
    text(
      paragraph(
        say('tokCounts', names.left, left.tokens, left.special, names.right, right.tokens, right.special),
        left.tokensPerWord !== null &&
          right.tokensPerWord !== null &&
          say(
            'tokPerWord',
            left.tokensPerWord.toFixed(2),
            names.left,
            right.tokensPerWord.toFixed(2),
            names.right,
          ),
        plainLeft === plainRight
          ? say('tokSame')
          : ownVocabulary !== undefined &&
              otherVocabulary !== undefined &&
              say(
                ownVocabulary > otherVocabulary ? 'tokLargerHelps' : 'tokLargerDoesNotHelp',
                names[fewer],
                count(ownVocabulary),
                count(otherVocabulary),
              ),
        pieces.length > 0 &&
          say(
            'tokWhole',
            pieces.length,
            whole(true, true),
            whole(true, false),
            names.left,
            whole(false, true),
            names.right,
          ),
        differing.length > 0
          ? say(
              'tokDiffer',
              differing.length,
              names.left,
              names.right,
              differing
                .slice(0, mostExamples)
                .map(({ word, left, right }) => say('tokExample', word, left.join(' · '), right.join(' · ')))
                .join(speech.language === 'zh' ? '；' : '; '),
            )
          : pieces.length > 0 && say('tokAgree'),
        ...(
          [
            [left, names.left],
            [right, names.right],
          ] as const
        ).map(
          ([each, name]) =>
            each.unknown > 0 && say('tokUnknown', name, each.unknown, percent(each.unknown / each.tokens)),
        ),
        differing.length > 0 && say('tokPieces'),
      ),
    ),
  ];
  if (differing.length > mostExamples) {
    blocks.push({
      kind: 'table',
      head: [say('colWord'), names.left, names.right],
      rows: differing
        .slice(0, mostRows)
        .map(({ word, left, right }) => [word, left.join(' · '), right.join(' · ')]),
    });
  }
  return blocks;
}

interface CutWord {
  readonly word: string;
  /** What its tokens stand for. */
  readonly left: readonly string[];
  readonly right: readonly string[];
  /** Cut at the same places; the models may still read it in other letters. */
  readonly alike: boolean;
}

/** Each word that counts and that both read. */
function wordPieces(reading: Reading): CutWord[] {
  const [left, right] = [tokensByWord(reading, 'left'), tokensByWord(reading, 'right')];
  return reading.words.flatMap((word, index) => {
    const [a, b] = [left.get(index), right.get(index)];
    if (!word.counts || !a || !b) {
      return [];
    }
    // A token's range may begin with the space before it, so the ends are what counts.
    const alike = a.map(({ end }) => end).join() === b.map(({ end }) => end).join();
    return [{ word: word.text, left: shownPieces(a), right: shownPieces(b), alike }];
  });
}

/** What tokens stand for; those that share a character (bytes of one) are told by their number. */
function shownPieces(tokens: readonly Token[]): string[] {
  const groups: { text: string; start: number; end: number; count: number }[] = [];
  for (const { text, piece, start, end } of tokens) {
    const last = groups.at(-1);
    if (last?.start === start && last.end === end && end > start) {
      last.count++;
    } else {
      groups.push({ text: text.trim() || piece, start, end, count: 1 });
    }
  }
  return groups.map(({ text, count }) => (count > 1 ? `${text} (×${count})` : text));
}

function tokensByWord(reading: Reading, side: Side): Map<number, Token[]> {
  const byWord = new Map<number, Token[]>();
  found(reading[side])?.tokens.forEach((token, index) => {
    const word = reading.wordOf[side][index] ?? -1;
    if (word >= 0) {
      byWord.set(word, [...(byWord.get(word) ?? []), token]);
    }
  });
  return byWord;
}

/** Who sees whom: the masks, and where the attention went. */
export function attentionSection(facts: ReportFacts): Block[] {
  const { reading, names, speech } = facts;
  if (!reading) {
    return [notMeasured(facts, 'reading')];
  }
  const runs = sides.flatMap((side) => {
    const run = reading[side];
    return isMissing(run) ? [] : [{ side, name: names[side], run }];
  });
  const shares = runs.map(({ run }) => sharesOf(run));
  const causal = runs.filter(({ run }) => run.causal);
  return [
    ...runs.map(({ name, run }, index) =>
      text(
        speech.paragraph(
          ...pairSentence(facts, name, run),
          ...shareSentences(facts, name, run, shares[index] ?? null),
        ),
      ),
    ),
    ...(runs.length > 0
      ? [
          text(
            speech.paragraph(
              shares.some((each) => each !== null) && speech.say('attSource'),
              ...(causal.length === 1 ? causal : []).map(({ name }) => speech.say('attRoutes', name)),
              ...runs.flatMap(({ name, run }) => warningsOf(facts, name, run)),
            ),
          ),
        ]
      : []),
    ...missingSides(facts, reading),
  ];
}

function pairSentence({ speech }: ReportFacts, name: string, run: AttentionRun): string[] {
  const n = run.tokens.length;
  const { say, count, percent } = speech;
  const open = (n * (n + 1)) / 2;
  return [
    run.causal
      ? say('attPairsCausal', n, name, count(n * n), count(open), percent(open / (n * n)))
      : say('attPairs', n, name, count(n * n)),
  ];
}

function shareSentences(
  { speech }: ReportFacts,
  name: string,
  run: AttentionRun,
  shares: HeadMeans | null,
): string[] {
  const { say, percent } = speech;
  const n = run.tokens.length;
  if (!shares) {
    return [say('attPooled', name, n, run.thumbnails.size, say(run.causal ? 'attCausal' : 'attOpen'))];
  }
  const even = uniformShares(n, run.causal);
  const said = run.causal
    ? [say('attNoRight', name, shares.heads, percent(shares.left), percent(shares.self))]
    : [
        say(
          'attShares',
          name,
          shares.heads,
          percent(shares.right),
          percent(shares.left),
          percent(shares.self),
        ),
        say('attEven', percent(even.right)),
        // What lies within the rounding of the pictures is no preference.
        say(
          Math.abs(shares.right - even.right) < 0.02
            ? 'attAsEven'
            : shares.right > even.right
              ? 'attMoreRight'
              : 'attLessRight',
        ),
      ];
  if (run.causal) {
    said.push(say('attFirst', percent(shares.first), name, percent(even.first)));
    if (shares.first > 2 * even.first) {
      said.push(say('attSink'));
    }
  }
  const numSpecial = run.tokens.filter(({ special }) => special).length;
  if (numSpecial > 0) {
    said.push(say('attSpecial', percent(shares.special), name, percent(numSpecial / n)));
  }
  return said;
}

interface HeadMeans extends AttentionShares {
  /** To special tokens. */
  readonly special: number;
  readonly heads: number;
}

/**
 * Means over all heads, from the pictures of the heads: null where several weights share a cell, for a cell
 * holds their maximum. Bytes are rounded, so each row is brought back to a sum of 1.
 */
export function sharesOf(run: AttentionRun): HeadMeans | null {
  const n = run.tokens.length;
  if (n === 0 || run.thumbnails.size !== n || run.secondFrom !== undefined || run.stacks) {
    return null;
  }
  const bytes = new Uint8Array(run.thumbnails.data);
  const heads = bytes.length / (n * n);
  const sum = { left: 0, self: 0, right: 0, first: 0, special: 0 };
  const weights = new Float32Array(n * n);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < n; query++) {
      const from = (head * n + query) * n;
      const row = bytes.subarray(from, from + n);
      const total = row.reduce((all, byte) => all + byte, 0);
      row.forEach((byte, key) => {
        const weight = total === 0 ? 0 : byte / total;
        weights[query * n + key] = weight;
        sum.special += run.tokens[key]?.special ? weight / n : 0;
      });
    }
    const shares = attentionShares(weights, n);
    sum.left += shares.left;
    sum.self += shares.self;
    sum.right += shares.right;
    sum.first += shares.first;
  }
  return {
    heads,
    left: sum.left / heads,
    self: sum.self / heads,
    right: sum.right / heads,
    first: sum.first / heads,
    special: sum.special / heads,
  };
}

function warningsOf({ speech }: ReportFacts, name: string, run: AttentionRun): string[] {
  return run.warnings.map((warning) => {
    switch (warning.kind) {
      case 'rowsDoNotSumToOne':
        return speech.say('attWarnSums', name, warning.deviation.toPrecision(2));
      case 'layersDiffer':
        return speech.say('attWarnLayers', name, warning.expected, warning.found);
      case 'notCausal':
        return speech.say('attWarnCausal', name, warning.weight.toPrecision(2));
    }
  });
}
