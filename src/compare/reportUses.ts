import { type Classified, isMissing } from '../protocol/compare';
import type { Block } from '../report/document';
import { continuing } from './measureUses';
import { type ReportFacts, found, missingSentence, notMeasured, text, valueOf } from './reportFacts';

/** Classified by head and by prompt, continued, and made to write by masks. */
export function usesSection(facts: ReportFacts): Block[] {
  const uses = valueOf(facts.input.parts, 'uses');
  if (!uses) {
    return [notMeasured(facts, 'uses')];
  }
  const { say, paragraph } = facts.speech;
  const answers = uses.classified.flatMap((each) => found(each) ?? []);
  const blocks: Block[] = [];
  if (answers.length > 0) {
    blocks.push(
      text(
        paragraph(
          ...answers.map((each) => classifiedSentence(facts, each)),
          agreementSentence(facts, answers),
        ),
      ),
    );
  }
  blocks.push(
    ...uses.classified
      .filter(isMissing)
      .map((missing) => text(missingSentence(facts, say('head_classification'), missing))),
  );
  const { continued, forced } = uses;
  if (isMissing(continued)) {
    blocks.push(text(missingSentence(facts, facts.names.right, continued)));
  } else {
    const words = wordsIn(continued.text);
    blocks.push(
      text(
        say(
          'continuedText',
          continued.model,
          continued.numTokens,
          continuing.temperature,
          continuing.topP,
          continuing.seed,
        ),
      ),
    );
    blocks.push({ kind: 'code', text: withoutBlankEnds(continued.text) });
    if (words.length > 0) {
      blocks.push(text(say('continuedRepeats', words.length, continued.model, new Set(words).size)));
    }
  }
  if (isMissing(forced)) {
    blocks.push(text(missingSentence(facts, facts.names.left, forced)));
  } else {
    const { different, total } = repeats(forced.pieces);
    blocks.push(text(say('forcedText', forced.model, total)));
    blocks.push({ kind: 'code', text: withoutBlankEnds(forced.text) });
    blocks.push(text(say(repeatsItself(forced.pieces) ? 'forcedRepeats' : 'forcedVaried', different, total)));
  }
  return blocks;
}

function classifiedSentence(
  { speech }: ReportFacts,
  { model, method, numExamples, labels, milliseconds }: Classified,
): string {
  const { say, percent, paragraph } = speech;
  const [first, second] = labels;
  const way =
    method === 'head' ? say('wayHead') : method === 'zeroShot' ? say('wayZero') : say('wayFew', numExamples);
  return paragraph(
    first && say('classified', model, way, first.label, percent(first.probability), Math.round(milliseconds)),
    first &&
      second &&
      first.probability - second.probability < 0.1 &&
      say('classNarrow', second.label, percent(second.probability)),
  );
}

function agreementSentence({ speech }: ReportFacts, answers: readonly Classified[]): string {
  const { say, paragraph, list } = speech;
  const firsts = answers.flatMap(({ labels }) => labels[0]?.label ?? []);
  const prompted = answers.find(({ method }) => method !== 'head');
  const kinds = new Set(firsts.map((each) => each.trim().toLowerCase()));
  return paragraph(
    firsts.length > 1 &&
      (kinds.size === 1
        ? say('classAgree', firsts.length, firsts[0] as string)
        : say('classDisagree', firsts.length, list(firsts.map((each) => `“${each}”`)))),
    prompted && say('classNormalised', prompted.labels.length),
  );
}

/** Whether fewer than two thirds of the pieces are different. */
export function repeatsItself(pieces: readonly string[]): boolean {
  const { different, total } = repeats(pieces);
  return total > 2 && different < (2 / 3) * total;
}

export function repeats(pieces: readonly string[]): { different: number; total: number } {
  return { different: new Set(pieces.map((piece) => piece.trim())).size, total: pieces.length };
}

/** Words, or single characters of Chinese, in lower case. */
export function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [];
}

/** Without blank lines around it. */
export function withoutBlankEnds(text: string): string {
  return text.replace(/^\s*\n/, '').trimEnd();
}
