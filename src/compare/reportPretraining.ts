import {
  type CausalExample,
  type MaskedExample,
  type Maybe,
  type NextSentenceExample,
  type ReplacedExample,
  isMissing,
} from '../protocol/compare';
import type { Block } from '../report/document';
import { type ReportFacts, found, missingSentence, notMeasured, text, valueOf } from './reportFacts';
import { lossFigure } from './reportFigures';
import { replacedBlocks } from './reportReplaced';
import { decimals, shortened } from './reportSpeech';

const mostDrawn = 40;

/** The training tasks of both, done once on this text. */
export function pretrainingSection(facts: ReportFacts): Block[] {
  const tasks = valueOf(facts.input.parts, 'pretraining');
  if (!tasks) {
    return [notMeasured(facts, 'pretraining')];
  }
  const { masked, causal, nextSentence, replaced } = tasks;
  const { say } = facts.speech;
  const names = [
    say('head_maskedLanguageModel'),
    say('head_languageModel'),
    say('head_nextSentence'),
  ] as const;
  return [
    ...(isMissing(masked) ? [text(missingSentence(facts, names[0], masked))] : maskedBlocks(facts, masked)),
    ...(isMissing(causal)
      ? [text(missingSentence(facts, names[1], causal))]
      : causalBlocks(facts, causal, found(masked))),
    text(
      isMissing(nextSentence)
        ? missingSentence(facts, names[2], nextSentence)
        : nextSentenceParagraph(facts, nextSentence),
    ),
    ...replacedSection(facts, replaced),
  ];
}

/** That neither model is a detector is no news. */
function replacedSection(facts: ReportFacts, replaced: Maybe<ReplacedExample>): Block[] {
  if (!isMissing(replaced)) {
    return replacedBlocks(facts, replaced);
  }
  const name = facts.speech.say('head_replacedTokenDetection');
  return replaced.missing === 'noHead' ? [] : [text(missingSentence(facts, name, replaced))];
}

function maskedBlocks(facts: ReportFacts, example: MaskedExample): Block[] {
  const { say, paragraph, percent } = facts.speech;
  const { chosen, tokens } = example;
  const plain = tokens.filter(({ special }) => !special).length;
  const count = (treatment: string): number => chosen.filter((each) => each.treatment === treatment).length;
  const piece = (position: number): string => tokens[position]?.piece ?? '';
  const hardest = [...chosen].sort((a, b) => b.loss - a.loss)[0];
  const vocabulary = vocabularyOf(facts, 'maskedLanguageModel');
  if (chosen.length === 0) {
    return [text(say('mlmChosen', 0, plain, percent(0), example.seed, 0, 0, 0))];
  }
  return [
    text(
      paragraph(
        say(
          'mlmChosen',
          chosen.length,
          plain,
          percent(chosen.length / plain),
          example.seed,
          count('masked'),
          count('replaced'),
          count('kept'),
        ),
        say('mlmLoss', decimals(example.loss), chosen.filter(({ right }) => right).length),
        vocabulary !== null &&
          say('mlmGuess', decimals(Math.log(vocabulary)), facts.speech.count(vocabulary)),
        hardest &&
          say(
            'mlmExample',
            piece(hardest.position),
            hardest.shownPiece,
            hardest.predicted.piece,
            percent(hardest.predicted.probability),
            decimals(hardest.loss),
          ),
        keptSentence(facts, example),
        chosen.length < 20 && say('mlmFew'),
      ),
    ),
    {
      kind: 'figure',
      title: say('maskFigure'),
      svg: lossFigure(
        say('maskFigure'),
        0,
        chosen.slice(0, mostDrawn).map(({ position, loss, treatment }) => ({
          name: `${piece(position)} (${say(`treatment_${treatment}`)})`,
          loss,
        })),
      ),
      numbers: say('numbers'),
      table: {
        head: [
          say('colToken'),
          say('colTreatment'),
          say('colShown'),
          say('colPredicted'),
          say('colLossNats'),
        ],
        rows: chosen
          .slice(0, mostDrawn)
          .map((each) => [
            piece(each.position),
            say(`treatment_${each.treatment}`),
            each.shownPiece,
            `${each.predicted.piece} (${percent(each.predicted.probability)})`,
            decimals(each.loss),
          ]),
      },
    },
  ];
}

function keptSentence({ speech }: ReportFacts, { chosen }: MaskedExample): string | null {
  const mean = (treatment: string): number | null => {
    const losses = chosen.filter((each) => each.treatment === treatment).map(({ loss }) => loss);
    return losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  };
  const [kept, masked] = [mean('kept'), mean('masked')];
  if (kept === null || masked === null) {
    return null;
  }
  return speech.paragraph(
    speech.say('mlmKept', decimals(kept), decimals(masked)),
    speech.say(kept < masked ? 'mlmKeptCheaper' : 'mlmKeptNot'),
  );
}

function causalBlocks(facts: ReportFacts, example: CausalExample, masked: MaskedExample | null): Block[] {
  const { say, paragraph, count } = facts.speech;
  const scored = example.losses.flatMap((loss, index) =>
    loss === null
      ? []
      : [{ name: example.tokens[index]?.text.trim() || (example.tokens[index]?.piece ?? ''), loss }],
  );
  if (scored.length === 0) {
    return [text(say('clmLoss', 0, example.tokens.length, '–', '–'))];
  }
  const sorted = [...scored].sort((a, b) => b.loss - a.loss);
  const [dearest, cheapest] = [sorted[0]!, sorted.at(-1)!];
  const vocabulary = vocabularyOf(facts, 'languageModel');
  const title =
    scored.length > mostDrawn
      ? say('lossShown', say('causalFigure'), mostDrawn, scored.length)
      : say('causalFigure');
  const drawn = scored.slice(0, mostDrawn);
  return [
    text(
      paragraph(
        say(
          'clmLoss',
          scored.length,
          example.tokens.length,
          decimals(example.loss),
          decimals(example.perplexity, example.perplexity < 100 ? 1 : 0),
        ),
        vocabulary !== null && say('mlmGuess', decimals(Math.log(vocabulary)), count(vocabulary)),
        say('clmExtremes', dearest.name, decimals(dearest.loss), cheapest.name, decimals(cheapest.loss)),
        masked && masked.chosen.length > 0 && say('clmLessons', scored.length, masked.chosen.length),
      ),
    ),
    {
      kind: 'figure',
      title,
      svg: lossFigure(title, 1, drawn),
      numbers: say('numbers'),
      table: {
        head: [say('colToken'), say('colLossNats')],
        rows: drawn.map(({ name, loss }) => [name, decimals(loss)]),
      },
    },
  ];
}

/** The vocabulary of the one model that has this head; null when neither or both have it. */
function vocabularyOf(
  { architecture }: ReportFacts,
  head: 'maskedLanguageModel' | 'languageModel',
): number | null {
  const able = [architecture.left, architecture.right].filter((model) => model?.heads.includes(head));
  return able.length === 1 ? (able[0]?.vocabularySize ?? null) : null;
}

/** A true successor is told from a stranger when it is likelier than not and much likelier than the stranger. */
export function tellsSuccessor({ probability, unrelated }: NextSentenceExample): boolean {
  return probability > 0.5 && probability - unrelated.probability > 0.25;
}

function nextSentenceParagraph({ speech }: ReportFacts, example: NextSentenceExample): string {
  const { say, paragraph, percent } = speech;
  const orderMatters = example.probability - example.swapped > 0.25;
  return paragraph(
    say(
      'nspGiven',
      example.model,
      percent(example.probability),
      shortened(example.first, 60),
      shortened(example.second, 60),
      percent(example.swapped),
      percent(example.unrelated.probability),
    ),
    say(tellsSuccessor(example) ? 'nspGood' : 'nspBad'),
    say(orderMatters ? 'nspOrder' : 'nspTopic'),
  );
}
