import type { Block } from '../report/document';
import { leftOnly, verdictOf } from './reportCloze';
import { comparedCost } from './reportCompute';
import { type ReportFacts, found, other, text, valueOf } from './reportFacts';
import { tellsSuccessor } from './reportPretraining';
import { factor, pValue } from './reportSpeech';
import { repeats, repeatsItself } from './reportUses';

/** What each model is good for, as far as this run's numbers go. */
export function fitsSection(facts: ReportFacts): Block[] {
  const items = [fillItem, writeItem, judgeItem, classifyItem, pairsItem, costItem]
    .map((item) => item(facts))
    .filter((item) => item !== '');
  return items.length > 0 ? [{ kind: 'list', items }] : [text(facts.speech.say('fitNone'))];
}

function fillItem(facts: ReportFacts): string {
  const { summary, names, speech } = facts;
  const verdict = verdictOf(summary);
  if (verdict === 'none' || !summary?.comparison) {
    return '';
  }
  const { say, paragraph } = speech;
  const ahead =
    verdict === 'right' || (verdict !== 'left' && summary.onlyRight > summary.onlyLeft) ? 'right' : 'left';
  const right = {
    left: summary.bothRight + summary.onlyLeft,
    right: summary.bothRight + summary.onlyRight,
  };
  const short = leftOnly(facts);
  return paragraph(
    say(
      verdict === 'left' || verdict === 'right' ? 'fitFillClear' : 'fitFillOpen',
      names[ahead],
      right[ahead],
      summary.paired,
      names[other(ahead)],
      right[other(ahead)],
      pValue(summary.comparison.p),
    ),
    short && say('fitFillSides', names[other(short)], names[short]),
  );
}

function writeItem({ input, speech }: ReportFacts): string {
  const uses = valueOf(input.parts, 'uses');
  const [continued, forced] = [found(uses?.continued), found(uses?.forced)];
  const { different, total } = repeats(forced?.pieces ?? []);
  return speech.paragraph(
    continued && speech.say('fitWrite', continued.model, continued.numTokens),
    forced &&
      total > 0 &&
      (repeatsItself(forced.pieces)
        ? speech.say('fitWriteForced', forced.model, total - different, total)
        : speech.say('fitWriteForcedWell', forced.model, total)),
  );
}

function judgeItem(facts: ReportFacts): string {
  const short = leftOnly(facts);
  if (!short) {
    return '';
  }
  const { cloze, names, speech } = facts;
  const [causal, pseudo] = [found(cloze?.[short]), found(cloze?.[other(short)])];
  return causal && pseudo
    ? speech.say('fitJudge', names[short], causal.numScored, names[other(short)], pseudo.numScored)
    : '';
}

function classifyItem({ input, speech }: ReportFacts): string {
  const answers = (valueOf(input.parts, 'uses')?.classified ?? []).flatMap((each) => found(each) ?? []);
  const head = answers.find(({ method }) => method === 'head');
  const prompted =
    answers.find(({ method }) => method === 'fewShot') ?? answers.find(({ method }) => method === 'zeroShot');
  if (head && prompted) {
    return speech.say(
      'fitClassify',
      head.model,
      Math.round(head.milliseconds),
      Math.round(prompted.milliseconds),
      prompted.model,
    );
  }
  const only = head ?? prompted;
  return only
    ? speech.say(head ? 'fitClassifyHead' : 'fitClassifyPrompt', only.model, Math.round(only.milliseconds))
    : '';
}

function pairsItem({ input, speech }: ReportFacts): string {
  const example = found(valueOf(input.parts, 'pretraining')?.nextSentence);
  return example
    ? speech.say(
        tellsSuccessor(example) ? 'fitPairs' : 'fitPairsWeak',
        example.model,
        speech.percent(example.probability),
        speech.percent(example.unrelated.probability),
      )
    : '';
}

function costItem(facts: ReportFacts): string {
  const { architecture, names, speech } = facts;
  const cost = comparedCost(facts);
  const [more, less] = cost ? [architecture[cost.more], architecture[cost.less]] : [null, null];
  return cost && more && less
    ? speech.say(
        'fitCost',
        names[cost.more],
        factor(cost.ratio),
        names[cost.less],
        factor(more.parameters.total / less.parameters.total),
        speech.count(cost.tokens),
      )
    : '';
}
