import type { ReplacedExample } from '../protocol/compare';
import type { Block } from '../report/document';
import { type ReportFacts, text } from './reportFacts';
import { isAlarm, replacedAt, replacedTally } from './replacedTally';

/** Replaced-token detection as it was run on this text: what was replaced, and what was found of it. */
export function replacedBlocks({ speech }: ReportFacts, example: ReplacedExample): Block[] {
  const { say, paragraph, percent } = speech;
  const tally = replacedTally(example);
  const own = tally.judged - tally.replaced;
  const sentences = paragraph(
    say('rtdDrawn', example.generator, tally.drawn, example.seed, tally.replacedWords),
    say('rtdFound', example.model, tally.found, tally.replaced, tally.falseAlarms, own),
    say(
      'rtdRight',
      tally.right,
      tally.judged,
      percent(tally.accuracy),
      percent(tally.interval.low),
      percent(tally.interval.high),
    ),
    say(tally.right > own ? 'rtdBetter' : 'rtdNoBetter', own, percent(own / Math.max(1, tally.judged))),
    say('rtdOriginal', tally.originalAlarms, tally.originalJudged),
    tally.replaced < 20 && say('rtdFew', tally.replaced),
  );
  return [
    text(sentences),
    {
      kind: 'table',
      head: [say('colWord'), say('colDrawnWord'), say('colReplacedProbability')],
      rows: example.drawn.map((word) => {
        const highest = highestAt(example, word);
        return [
          word.was,
          word.now === word.was ? say('rtdSame', word.now) : word.now,
          highest === null ? '–' : `${percent(highest)}${isAlarm(highest) ? ' *' : ''}`,
        ];
      }),
    },
    text(say('rtdStar')),
  ];
}

/** Of a drawn word's tokens the most suspicious. */
function highestAt(example: ReplacedExample, word: ReplacedExample['drawn'][number]): number | null {
  const { tokens, probabilities } = example.changed;
  const places = replacedAt(example);
  const own = probabilities.filter((probability, position): probability is number => {
    const token = tokens[position]!;
    const stands =
      word.was === word.now ? token.start < word.end && token.end > word.start : places[position] === word;
    return probability !== null && stands;
  });
  return own.length === 0 ? null : Math.max(...own);
}
