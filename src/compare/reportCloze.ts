import { type Both, type ClozeSide, type Side, type WordScore, isMissing, sides } from '../protocol/compare';
import { median } from '../prompts/statistics';
import type { Block } from '../report/document';
import type { ClozeSummary } from './clozeSummary';
import { type ReportFacts, found, missingSides, notMeasured, other, text } from './reportFacts';
import { accuracyFigure } from './reportFigures';
import { pValue, signedPoints } from './reportSpeech';

/** Fewer words than this decide nothing: with 15, a 95 % interval of a half is still ±23 points. */
export const fewestWords = 15;
const mostNamed = 8;

/** What the words that both were asked for say about who is better at them. */
export type Verdict = Side | 'open' | 'few' | 'none';

export function verdictOf(summary: ClozeSummary | null): Verdict {
  if (!summary?.comparison || summary.paired === 0) {
    return 'none';
  }
  if (summary.paired < fewestWords) {
    return 'few';
  }
  if (summary.comparison.p >= 0.05) {
    return 'open';
  }
  return summary.onlyLeft > summary.onlyRight ? 'left' : 'right';
}

export function clozeSection(facts: ReportFacts): Block[] {
  const { cloze, summary, speech, names } = facts;
  if (!cloze || !summary) {
    return [notMeasured(facts, 'cloze')];
  }
  if (summary.words === 0) {
    return [text(speech.say('clozeNothing'))];
  }
  const tallies = sides.flatMap((side) => {
    const tally = summary[side];
    return tally && tally.scored > 0 ? [{ side, name: names[side], tally }] : [];
  });
  const { say, paragraph, percent } = speech;
  const blocks: Block[] = [
    text(
      paragraph(
        say('clozeHow', summary.words),
        ...tallies.map(({ side, name, tally }) =>
          paragraph(
            say(found(cloze[side])?.context === 'both' ? 'clozeBoth' : 'clozeLeft', name),
            tally.scored < summary.words && say('clozeFewer', tally.scored),
          ),
        ),
        ...tallies.map(({ name, tally }) =>
          say(
            'clozeAccuracy',
            name,
            tally.right,
            tally.scored,
            percent(tally.accuracy),
            percent(tally.interval.low),
            percent(tally.interval.high),
          ),
        ),
        intervalSentence(facts, summary),
        rankSentence(facts),
      ),
    ),
    ...missingSides(facts, cloze),
  ];
  if (summary.paired > 0) {
    blocks.push(text(pairedWords(facts, summary)));
    blocks.push(text(paragraph(verdictSentence(facts), say('clozeDependent'), missedSentence(facts))));
  } else {
    blocks.push(text(say('clozeNothing')));
  }
  const rows = tallies.map(({ name, tally }) => ({
    name,
    share: tally.accuracy,
    interval: tally.interval,
    told: `${percent(tally.accuracy)} (${tally.right}/${tally.scored})`,
  }));
  if (rows.length > 0) {
    blocks.push({
      kind: 'figure',
      title: say('clozeFigure'),
      svg: accuracyFigure(rows, speech),
      numbers: say('numbers'),
      table: {
        head: [say('colModel'), say('colRight'), say('colAccuracy'), say('colInterval')],
        rows: tallies.map(({ name, tally }) => [
          name,
          `${tally.right}/${tally.scored}`,
          percent(tally.accuracy),
          `${percent(tally.interval.low)} – ${percent(tally.interval.high)}`,
        ]),
      },
    });
  }
  return blocks;
}

function intervalSentence({ speech }: ReportFacts, { left, right }: ClozeSummary): string | null {
  if (!left || !right || left.scored === 0 || right.scored === 0) {
    return null;
  }
  const apart = left.interval.low > right.interval.high || right.interval.low > left.interval.high;
  return speech.say(apart ? 'clozeApart' : 'clozeOverlap');
}

/** Half of the words stand higher, half lower. */
function rankSentence(facts: ReportFacts): string | null {
  const asked = askedOfBoth(facts).filter(({ left, right }) => left.rank !== null && right.rank !== null);
  if (asked.length === 0) {
    return null;
  }
  const middle = (side: Side): string => {
    const rank = median(asked.map((each) => each[side].rank ?? 0));
    return Number.isInteger(rank) ? facts.speech.count(rank) : rank.toFixed(1);
  };
  return facts.speech.say('clozeRank', middle('left'), facts.names.left, middle('right'), facts.names.right);
}

/** Who was right where the other was not, with the words. */
function pairedWords(facts: ReportFacts, summary: ClozeSummary): string {
  const { say, paragraph } = facts.speech;
  return paragraph(
    say('clozePaired', summary.paired, summary.bothRight, summary.neither),
    ...sides.map((side) => {
      const only = askedOfBoth(facts).filter(
        ({ left, right }) =>
          (side === 'left' ? left : right).right && !(side === 'left' ? right : left).right,
      );
      return only.length === 0
        ? say('clozeOnlyNone', facts.names[side])
        : say(
            'clozeOnly',
            facts.names[side],
            only.length,
            namedWords(
              facts,
              only.map(({ word }) => word),
            ),
          );
    }),
  );
}

/** Each word once, with how often it occurs among them. */
function namedWords({ speech }: ReportFacts, words: readonly string[]): string {
  const counts = new Map<string, number>();
  words.forEach((word) => counts.set(word, (counts.get(word) ?? 0) + 1));
  const named = [...counts].map(([word, count]) =>
    count > 1 ? speech.say('wordSeveral', word, count) : `“${word}”`,
  );
  const rest = named.length - mostNamed;
  return speech.list(rest > 0 ? [...named.slice(0, mostNamed), `+${rest}`] : named);
}

/** Who is ahead, and whether the evidence is enough; null when no word was asked of both. */
export function verdictSentence({ summary, speech, names }: ReportFacts): string | null {
  const verdict = verdictOf(summary);
  if (verdict === 'none' || !summary?.comparison) {
    return null;
  }
  const { say, paragraph } = speech;
  const { onlyLeft, onlyRight, bothRight, paired, comparison } = summary;
  const few = verdict === 'few' && say('clozeFew', paired, fewestWords);
  if (onlyLeft === onlyRight) {
    return paragraph(say('clozeTied', bothRight + onlyLeft), few);
  }
  const ahead: Side = onlyLeft > onlyRight ? 'left' : 'right';
  const { low, high } = comparison.interval;
  const sign = ahead === 'left' ? 1 : -1;
  return paragraph(
    say(
      verdict === 'left' || verdict === 'right' ? 'clozeAhead' : 'clozeOpen',
      names[ahead],
      signedPoints(sign * comparison.difference),
      signedPoints(ahead === 'left' ? low : -high),
      signedPoints(ahead === 'left' ? high : -low),
      onlyLeft + onlyRight,
      pValue(comparison.p),
    ),
    few,
  );
}

interface AskedWord extends Both<WordScore> {
  readonly index: number;
  readonly word: string;
}

/** The words that count and that both models were asked for. */
export function askedOfBoth({ cloze }: ReportFacts): AskedWord[] {
  const [left, right] = [found(cloze?.left), found(cloze?.right)];
  return (cloze?.words ?? []).flatMap(({ text, counts }, index) => {
    const [a, b] = [left?.scores[index], right?.scores[index]];
    return counts && a && b && a.right !== null && b.right !== null
      ? [{ index, word: text, left: a, right: b }]
      : [];
  });
}

/** The nearest misses of each: what a model put where it was least surprised and still wrong. */
function missedSentence(facts: ReportFacts): string | null {
  const { cloze, names, speech } = facts;
  const examples = sides.flatMap((side) =>
    misses(found(cloze?.[side]), cloze?.words ?? []).map(({ guess, word }) =>
      speech.say('clozeGuess', names[side], guess, word),
    ),
  );
  return examples.length === 0
    ? null
    : speech.say('clozeMissed', examples.join(speech.language === 'zh' ? '；' : '; '));
}

function misses(
  side: ClozeSide | null,
  words: readonly { readonly text: string; readonly counts: boolean }[],
): { guess: string; word: string }[] {
  return (side?.scores ?? [])
    .flatMap((score, index) => {
      const word = words[index];
      const guess = score.guess.trim();
      return word?.counts && score.right === false && guess !== ''
        ? [{ guess, word: word.text, bits: score.bits ?? 0 }]
        : [];
    })
    .sort((a, b) => a.bits - b.bits)
    .slice(0, 2);
}

/** The side that is short of the other's view, where one sees both sides and the other only the left. */
export function leftOnly({ cloze }: ReportFacts): Side | null {
  if (!cloze || isMissing(cloze.left) || isMissing(cloze.right)) {
    return null;
  }
  const side = sides.find((each) => found(cloze[each])?.context === 'left');
  return side && found(cloze[other(side)])?.context === 'both' ? side : null;
}
