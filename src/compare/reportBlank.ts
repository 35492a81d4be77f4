import { type BlankSide, type Side, isMissing, sides } from '../protocol/compare';
import type { Block } from '../report/document';
import {
  type ReportFacts,
  found,
  missingSentence,
  missingSides,
  notMeasured,
  text,
  valueOf,
} from './reportFacts';
import { shortened } from './reportSpeech';

const mostCandidates = 5;

/** The same blank, filled from both sides and from the left, and judged again in the whole text. */
export function blankSection(facts: ReportFacts): Block[] {
  const blank = valueOf(facts.input.parts, 'blank');
  if (!blank) {
    return [notMeasured(facts, 'blank')];
  }
  if (isMissing(blank)) {
    return [text(missingSentence(facts, facts.speech.say('theModel'), blank))];
  }
  const { say, paragraph, percent } = facts.speech;
  const words = facts.reading?.words ?? facts.cloze?.words ?? [];
  const original = words[blank.word]?.text ?? '';
  const present = sides.flatMap((side) => {
    const answer = found(blank[side]);
    return answer ? [{ side, answer }] : [];
  });
  const blocks: Block[] = [
    text(
      paragraph(
        original !== '' && say('blankWhich', original, `“${surroundings(facts, blank.word)}”`),
        ...present.flatMap(({ side, answer }) => oneSide(facts, side, answer, original, blank.word)),
      ),
    ),
  ];
  const [left, right] = [found(blank.left), found(blank.right)];
  if (left && right) {
    blocks.push(text(paragraph(sharedSentence(facts, left, right), surerSentence(facts, left, right))));
  }
  const { inContext } = blank;
  if (isMissing(inContext)) {
    blocks.push(text(missingSentence(facts, facts.names.right, inContext)));
  } else if (inContext.length > 1) {
    const [best] = [...inContext].sort((a, b) => b.share - a.share);
    const own = inContext.find((each) => each.original);
    const alone = right?.candidates[0]?.text.trim();
    if (best) {
      blocks.push(
        text(
          paragraph(
            say('blankInContext', facts.names.right, best.text.trim(), inContext.length, percent(best.share)),
            best.original
              ? say('blankInContextOriginal')
              : own && say('blankInContextOther', percent(own.share)),
            own && inSmallLetters(own.text, inContext) && say('blankCase', facts.names.left),
            right?.head === 'causal' &&
              alone !== undefined &&
              alone !== '' &&
              !same(alone, best.text) &&
              say('blankChanged', alone),
          ),
        ),
      );
    }
    blocks.push({
      kind: 'list',
      items: [...inContext]
        .sort((a, b) => b.share - a.share)
        .map(
          (each) =>
            say('blankCandidate', each.text.trim(), percent(each.share)) + (each.original ? ' ✓' : ''),
        ),
    });
  }
  return [...blocks, ...missingSides(facts, blank)].filter(
    (block) => block.kind !== 'text' || block.text !== '',
  );
}

function oneSide(
  { speech, names, cloze }: ReportFacts,
  side: Side,
  answer: BlankSide,
  word: string,
  index: number,
): string[] {
  const { say, percent, list } = speech;
  const shown = answer.candidates
    .slice(0, mostCandidates)
    .map((each) => say('blankCandidate', each.text.trim() || each.piece, percent(each.probability)));
  const place = answer.candidates.findIndex((each) => same(each.text, word));
  const rank = place >= 0 ? place + 1 : (found(cloze?.[side])?.scores[index]?.rank ?? null);
  const standing =
    place === 0
      ? say('blankIsRight')
      : rank === null
        ? say('blankOutside', answer.candidates.length)
        : say(place > 0 ? 'blankRank' : 'blankRankFirst', rank);
  return [
    say(answer.head === 'masked' ? 'blankMasked' : 'blankCausal', names[side], list(shown)),
    ...(word === '' ? [] : [standing]),
  ];
}

function sharedSentence({ speech }: ReportFacts, left: BlankSide, right: BlankSide): string {
  const shared = left.candidates.filter(
    (each) => each.text.trim() !== '' && right.candidates.some((rival) => same(rival.text, each.text)),
  );
  return shared.length === 0
    ? speech.say('blankShareNone')
    : speech.say('blankShare', shared.length, speech.list(shared.map((each) => `“${each.text.trim()}”`)));
}

function surerSentence({ speech, names }: ReportFacts, left: BlankSide, right: BlankSide): string | null {
  const [a, b] = [left.candidates[0]?.probability, right.candidates[0]?.probability];
  if (a === undefined || b === undefined || speech.percent(a) === speech.percent(b)) {
    return null;
  }
  const surer: Side = a > b ? 'left' : 'right';
  return speech.say(
    'blankSurer',
    names[surer],
    speech.percent(Math.max(a, b)),
    names[surer === 'left' ? 'right' : 'left'],
    speech.percent(Math.min(a, b)),
  );
}

/** A little of the text around a word, with the word as a blank. */
function surroundings({ reading, cloze, input }: ReportFacts, index: number): string {
  const word = (reading?.words ?? cloze?.words ?? [])[index];
  if (!word) {
    return '';
  }
  const whole = input.compared.text;
  const before = [...whole.slice(0, word.start)].slice(-40).join('');
  const after = [...whole.slice(word.end)].slice(0, 40).join('');
  return shortened(
    `${before.length < word.start ? '…' : ''}${before}____${after}${word.end + after.length < whole.length ? '…' : ''}`,
    120,
  );
}

/** Whether the text's own word has a capital and no alternative has one. */
function inSmallLetters(
  own: string,
  all: readonly { readonly text: string; readonly original: boolean }[],
): boolean {
  const capital = (text: string): boolean => text !== text.toLowerCase();
  return capital(own) && all.every((each) => each.original || !capital(each.text));
}

function same(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
