import { type ClozeSide, type Side, sides } from '../protocol/compare';
import type { Block } from '../report/document';
import { askedOfBoth, fewestWords } from './reportCloze';
import { type ReportFacts, found, notMeasured, other, text } from './reportFacts';
import { pairsFigure } from './reportFigures';
import { decimals } from './reportSpeech';

const mostHardest = 5;
const mostDrawn = 40;

/** Bits of one word for both models. */
interface WordBits {
  readonly word: string;
  readonly left: number;
  readonly right: number;
}

/** Which words surprise each model, and why the sums cannot simply be compared. */
export function surpriseSection(facts: ReportFacts): Block[] {
  const { cloze, names, speech } = facts;
  if (!cloze) {
    return [notMeasured(facts, 'cloze')];
  }
  const { say, paragraph } = speech;
  const words = wordBits(facts);
  const blocks: Block[] = [];
  if (words.length > 0) {
    blocks.push(text(meansSentence(facts, words)));
    blocks.push(
      text(paragraph(...hardestSentences(facts, words), rankSentence(facts), halvesSentence(facts))),
    );
  }
  blocks.push(text(paragraph(...sides.map((side) => likelihoodSentence(facts, side)), comparability(facts))));
  const rows = cloze.words.flatMap(({ text, counts }, index) => {
    const [left, right] = [found(cloze.left)?.scores[index], found(cloze.right)?.scores[index]];
    return counts && (left || right)
      ? [
          {
            name: text,
            left: left?.bits ?? null,
            right: right?.bits ?? null,
            guesses: [left?.guess.trim() ?? '', right?.guess.trim() ?? ''],
          },
        ]
      : [];
  });
  if (rows.length > 0) {
    const drawn = rows.slice(0, mostDrawn);
    const title = rows.length > mostDrawn ? say('bitsShown', mostDrawn, rows.length) : say('bitsFigure');
    blocks.push({
      kind: 'figure',
      title,
      svg: pairsFigure(title, [names.left, names.right], drawn),
      numbers: say('numbers'),
      table: {
        head: [
          say('colWord'),
          ...sides.flatMap((side) => [say('colBits', names[side]), say('colGuess', names[side])]),
        ],
        rows: drawn.map(({ name, left, right, guesses }) => [
          name,
          left?.toFixed(1) ?? '–',
          guesses[0] ?? '',
          right?.toFixed(1) ?? '–',
          guesses[1] ?? '',
        ]),
      },
    });
  }
  return blocks.filter((block) => block.kind !== 'text' || block.text !== '');
}

function wordBits(facts: ReportFacts): WordBits[] {
  return askedOfBoth(facts).flatMap(({ word, left, right }) =>
    left.bits === null || right.bits === null ? [] : [{ word, left: left.bits, right: right.bits }],
  );
}

function meansSentence({ summary, names, speech }: ReportFacts, words: readonly WordBits[]): string {
  const mean = (side: Side): string =>
    decimals(words.reduce((sum, each) => sum + each[side], 0) / words.length, 1);
  return speech.say(
    'bitsMean',
    names.left,
    mean('left'),
    names.right,
    mean('right'),
    words.length,
    summary?.easierLeft ?? 0,
    summary?.easierRight ?? 0,
  );
}

function hardestSentences({ names, speech }: ReportFacts, words: readonly WordBits[]): string[] {
  const { say, list } = speech;
  const hardest = (side: Side): WordBits[] =>
    [...words].sort((a, b) => b[side] - a[side]).slice(0, mostHardest);
  const shared = hardest('left').filter((each) => hardest('right').includes(each));
  return [
    ...sides.map((side) =>
      say(
        'bitsHardest',
        names[side],
        list(hardest(side).map((each) => say('bitsWord', each.word, decimals(each[side], 1)))),
      ),
    ),
    // Of six words any two choices of five share four.
    ...(words.length < 2 * mostHardest
      ? []
      : [
          shared.length === 0
            ? say('bitsSharedNone')
            : say('bitsShared', shared.length, list(shared.map(({ word }) => `“${word}”`))),
        ]),
    ...sides.flatMap((side) => {
      const gap = (each: WordBits): number => each[other(side)] - each[side];
      const [widest] = [...words].sort((a, b) => gap(b) - gap(a));
      return widest && gap(widest) > 0.5
        ? [
            say(
              'bitsGap',
              names[side],
              widest.word,
              decimals(widest[side], 1),
              decimals(widest[other(side)], 1),
            ),
          ]
        : [];
    }),
  ];
}

/** How far the two find the same words hard; null below five words. */
export function rankSentence(facts: ReportFacts): string | null {
  const words = wordBits(facts);
  const rank = spearman(
    words.map(({ left }) => left),
    words.map(({ right }) => right),
  );
  if (words.length < 5 || rank === null) {
    return null;
  }
  const { say, paragraph } = facts.speech;
  return paragraph(
    say('bitsRank', words.length, decimals(rank)),
    say(rank >= 0.5 ? 'bitsRankHigh' : rank >= 0.2 ? 'bitsRankSome' : 'bitsRankNone'),
    words.length < fewestWords && say('bitsRankFew'),
  );
}

/** Rank correlation (Spearman 1904), ties at their mean rank; null where one side does not vary. */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((rank, index) => {
    const [dx, dy] = [rank - middle, y[index]! - middle];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((each) => each < value).length;
    const equal = values.filter((each) => each === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Whether a model that reads from the left was helped by having read more. */
function halvesSentence(facts: ReportFacts): string | null {
  const { cloze, names, speech } = facts;
  const side = sides.find((each) => found(cloze?.[each])?.context === 'left');
  if (!side || !cloze) {
    return null;
  }
  const bits = (found(cloze[side])?.scores ?? []).flatMap(({ bits }, index) =>
    bits !== null && cloze.words[index]?.counts ? [bits] : [],
  );
  if (bits.length < fewestWords) {
    return null;
  }
  const half = bits.length >> 1;
  const mean = (part: readonly number[]): number => part.reduce((sum, each) => sum + each, 0) / part.length;
  const [first, second] = [mean(bits.slice(0, half)), mean(bits.slice(half))];
  return speech.paragraph(
    speech.say('bitsEarlyLate', names[side], decimals(first, 1), decimals(second, 1)),
    speech.say(second < first - 0.25 ? 'bitsLaterCheaper' : 'bitsLaterNot'),
  );
}

function likelihoodSentence({ cloze, names, speech }: ReportFacts, side: Side): string | null {
  const own = found(cloze?.[side]);
  if (!own || own.numScored === 0) {
    return null;
  }
  return speech.say(
    own.context === 'left' ? 'llCausal' : 'llPseudo',
    names[side],
    decimals(own.logLikelihood, 1),
    own.numScored,
    perplexity(own.perplexity),
    decimals(bitsPerCharacter(own)),
  );
}

/** Over the stretch of text whose tokens were scored. */
function bitsPerCharacter(side: ClozeSide): number {
  const scored = side.tokens.filter((token, index) => !token.special && side.tokenBits[index] !== null);
  const characters = (scored.at(-1)?.end ?? 0) - (scored[0]?.start ?? 0);
  return characters <= 0 ? 0 : -side.logLikelihood / Math.LN2 / characters;
}

function perplexity(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function comparability({ cloze, names, speech }: ReportFacts): string | null {
  const [left, right] = [found(cloze?.left), found(cloze?.right)];
  if (!left || !right) {
    return null;
  }
  const { say, paragraph } = speech;
  if (left.context !== right.context) {
    const pseudo: Side = left.context === 'both' ? 'left' : 'right';
    return paragraph(
      say('llNotComparable', names[pseudo], names[other(pseudo)]),
      left.numScored !== right.numScored && say('llVocabularies', left.numScored, right.numScored),
    );
  }
  return left.context === 'both'
    ? say('llBothPseudo', left.numScored, right.numScored)
    : say(
        'llComparable',
        left.numScored,
        right.numScored,
        names.left,
        decimals(bitsPerCharacter(left)),
        names.right,
        decimals(bitsPerCharacter(right)),
      );
}
