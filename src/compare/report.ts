import { type ComparePart, compareParts, isMissing, sides } from '../protocol/compare';
import { type Block, toHtml, toMarkdown } from '../report/document';
import type { ReportLanguage } from '../report/filled';
import { agreementSection } from './reportAgreement';
import { architectureSection, sizeSentence } from './reportArchitecture';
import { blankSection } from './reportBlank';
import { clozeSection, verdictSentence } from './reportCloze';
import { type ReportFacts, type ReportInput, reportFacts, text, valueOf } from './reportFacts';
import { fitsSection } from './reportFits';
import { pretrainingSection } from './reportPretraining';
import { attentionSection, tokenSection } from './reportReading';
import { scalingSection } from './reportScaling';
import { chatSection, similaritySection } from './reportSentences';
import { type WordKey, speechOf } from './reportSpeech';
import { rankSentence, surpriseSection } from './reportSurprise';
import { usesSection } from './reportUses';

const mostQuoted = 2000;

/**
 * What two models did with a text, as a document: every sentence from this run's numbers, what was not
 * measured with the reason, the reader's notes, and how to do it again.
 */
export function writeComparisonReport(
  input: ReportInput,
  format: 'md' | 'html',
  language: ReportLanguage,
): string {
  const { title, blocks } = comparisonReport(input, language);
  return format === 'md' ? toMarkdown(title, blocks) : toHtml(title, blocks, language);
}

/** The report before it takes a form. */
export function comparisonReport(
  input: ReportInput,
  language: ReportLanguage,
): { readonly title: string; readonly blocks: readonly Block[] } {
  const facts = reportFacts(input, speechOf(language));
  const { say } = facts.speech;
  const section = (heading: WordKey, blocks: readonly Block[]): Block[] => [
    { kind: 'heading', text: say(heading) },
    ...blocks.filter((block) => block.kind !== 'text' || block.text !== ''),
  ];
  const agreement = agreementSection(facts);
  return {
    title: say('title', facts.names.left, facts.names.right, input.compared.source.name),
    blocks: [
      ...section('inShort', inShort(facts)),
      ...section('theText', quoted(facts)),
      ...section('architectures', architectureSection(facts)),
      ...section('tokens', tokenSection(facts)),
      ...section('attention', attentionSection(facts)),
      ...section('cloze', clozeSection(facts)),
      ...(agreement.length > 0 ? section('agreement', agreement) : []),
      ...section('blank', blankSection(facts)),
      ...section('surprise', surpriseSection(facts)),
      ...section('pretraining', pretrainingSection(facts)),
      ...section('uses', usesSection(facts)),
      ...section('similarity', similaritySection(facts)),
      ...section('chat', chatSection(facts)),
      ...section('scaling', scalingSection(facts)),
      ...section('fits', fitsSection(facts)),
      ...section('notes', [text(say('notesHint')), { kind: 'notes', text: input.notes }]),
      ...section('limits', [{ kind: 'list', items: limits(facts) }]),
      ...section('reproduce', reproduce(facts)),
    ],
  };
}

/** The sentences that a reader in a hurry needs. */
function inShort(facts: ReportFacts): Block[] {
  const items = [verdictSentence(facts), sizeSentence(facts), rankSentence(facts)].filter(
    (item) => item !== null,
  );
  return items.length > 0 ? [{ kind: 'list', items }] : [text(facts.speech.say('nothingYet'))];
}

function quoted({ input, speech, cloze, reading }: ReportFacts): Block[] {
  const { text: whole, source } = input.compared;
  const { say, paragraph, count } = speech;
  const words = (cloze ?? reading)?.words.filter(({ counts }) => counts).length;
  const characters = [...whole];
  return [
    text(
      paragraph(
        say('textFacts', source.name, source.startLine, source.endLine, count(characters.length)),
        words !== undefined && say('textWords', words),
        characters.length > mostQuoted && say('textShortened', count(mostQuoted)),
      ),
    ),
    { kind: 'code', text: characters.slice(0, mostQuoted).join('') },
  ];
}

const partHeadings: Readonly<Record<ComparePart, WordKey>> = {
  reading: 'attention',
  cloze: 'cloze',
  blank: 'blank',
  architecture: 'architectures',
  pretraining: 'pretraining',
  sentences: 'similarity',
  uses: 'uses',
  chat: 'chat',
};

/** What these results do not bear. */
function limits(facts: ReportFacts): string[] {
  const { summary, speech, names, architecture, reading, input, cloze } = facts;
  const { say, amount, count, list } = speech;
  const { left, right } = architecture;
  const unmeasured = compareParts.filter((part) => valueOf(input.parts, part) === null);
  const masked = sides.find((side) => {
    const own = cloze?.[side];
    return own !== undefined && !isMissing(own) && own.context === 'both';
  });
  const small = 100e6;
  return [
    summary && summary.paired > 0 ? say('limitOneText', summary.paired) : say('limitNoWords'),
    ...sides.flatMap((side) => {
      const run = reading?.[side];
      return run && !isMissing(run) && run.totalTokens > run.tokens.length
        ? [say('limitCut', names[side], count(run.tokens.length), count(run.totalTokens))]
        : [];
    }),
    ...(masked && summary && summary.paired > 0
      ? [say('limitMaskCount', names[masked], names[masked === 'left' ? 'right' : 'left'])]
      : []),
    ...sides.flatMap((side) => {
      const format = architecture[side]?.weightFormat;
      return format !== undefined && format !== 'fp32' ? [say('limitQuantised', names[side], format)] : [];
    }),
    ...(left && right && left.parameters.total < small && right.parameters.total < small
      ? [say('limitSmall', amount(left.parameters.total), amount(right.parameters.total))]
      : []),
    ...(unmeasured.length > 0
      ? [say('limitUnmeasured', list(unmeasured.map((part) => `“${say(partHeadings[part])}”`)))]
      : []),
  ];
}

function reproduce({ input, names, speech, reading }: ReportFacts): Block[] {
  const { source } = input.compared;
  const { say, count } = speech;
  const runs = sides.flatMap((side) => {
    const run = reading?.[side];
    return run && !isMissing(run)
      ? [
          [say('graphOf', names[side]), run.model.graphFile],
          [say('runtimeOf', names[side]), say('runtimeValue', run.model.runtime, run.model.numThreads)],
        ]
      : [];
  });
  return [
    {
      kind: 'list',
      items: [
        say('reproduceOpen', source.name, source.startLine, source.endLine),
        say('reproducePlace', names.left, names.right),
        say('reproduceExport'),
      ],
    },
    {
      kind: 'table',
      head: [say('colSetting'), say('colValue')],
      rows: [
        ...sides.map((side) => [say('hashOf', names[side]), input.hashes[side] || '–']),
        ...runs,
        ...Object.entries(input.settings).map(([name, value]) => [name, String(value)]),
        ...compareParts.flatMap((part) => {
          const state = input.parts[part];
          return state?.state === 'done'
            ? [[say('partTook', say(partHeadings[part])), say('milliseconds', count(state.milliseconds))]]
            : [];
        }),
      ],
    },
    text(say('madeOn', input.date.slice(0, 10))),
  ];
}
