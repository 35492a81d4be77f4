import { isMissing } from '../protocol/compare';
import type { Block } from '../report/document';
import { type AgreementTally, type MeanValue, agreementTally } from './agreement';
import { type ReportFacts, found, missingSentence, text } from './reportFacts';
import { decimals } from './reportSpeech';

/** How far two masked models say the same, for the report; nothing where not both are such. */
export function agreementSection(facts: ReportFacts): Block[] {
  const { cloze, speech } = facts;
  const tally = cloze && agreementTally(cloze);
  if (!tally) {
    return [];
  }
  const { say, paragraph, percent } = speech;
  const { paired, same, share, interval, sameRight } = tally;
  return [
    text(
      paragraph(
        say(
          'agreeSame',
          paired,
          same,
          percent(share),
          percent(interval.low),
          percent(interval.high),
          sameRight,
        ),
        ...distributionSentences(facts, tally),
      ),
    ),
    ...furthestTable(facts, tally),
  ];
}

function distributionSentences({ speech, names }: ReportFacts, tally: AgreementTally): string[] {
  const { say, count } = speech;
  const { distributions: value } = tally;
  if (isMissing(value)) {
    return [missingSentence({ speech }, say('agreeDistributions'), value)];
  }
  if (value.vocabulary === 'different') {
    const { sizes, firstDifference: first } = value;
    return [
      first
        ? say('agreeOtherPieces', first.id, first.left, names.left, first.right, names.right)
        : say('agreeOtherSizes', count(sizes.left), names.left, count(sizes.right), names.right),
    ];
  }
  const three = ({ mean, interval }: MeanValue): string[] =>
    [mean, interval.low, interval.high].map((each) => decimals(each));
  return [
    say('agreeVariation', value.words, count(value.vocabularySize), ...three(value.totalVariation)),
    say('agreeKl', names.right, names.left, ...three(value.klBits)),
    say('agreeHow'),
  ];
}

function furthestTable(facts: ReportFacts, { distributions: value }: AgreementTally): Block[] {
  const { cloze, speech, names } = facts;
  const { say } = speech;
  if (!cloze || isMissing(value) || value.vocabulary === 'different') {
    return [];
  }
  const guess = (side: 'left' | 'right', word: number): string =>
    found(cloze[side])?.scores[word]?.guess.trim() ?? '–';
  return [
    text(say('agreeFurthest', value.furthest.length)),
    {
      kind: 'table',
      head: [
        say('colWord'),
        say('colFirstOf', names.left),
        say('colFirstOf', names.right),
        say('colVariation'),
      ],
      rows: value.furthest.map(({ word, totalVariation }) => [
        cloze.words[word]?.text ?? '',
        guess('left', word),
        guess('right', word),
        decimals(totalVariation),
      ]),
    },
  ];
}
