import Papa from 'papaparse';
import type { PromptfooAssert, PromptfooTest } from './promptfooShapes';

const kinds =
  /^(not-)?([a-z][a-z-]*(?:-json|-any|-all|-n|-sql|-xml|-html)?)(?:\((\d+(?:\.\d+)?)\))?(?::([\s\S]*))?$/;

/** What a column `__expected` says, e.g. `icontains: bonjour`; anything without a known kind is the answer itself. */
function assertOf(text: string): PromptfooAssert {
  const legacy = /^(fn|eval|grade):([\s\S]*)$/.exec(text);
  if (legacy) {
    return { type: legacy[1] === 'grade' ? 'llm-rubric' : 'javascript', value: (legacy[2] ?? '').trim() };
  }
  const match = kinds.exec(text.trim());
  const type = match ? `${match[1] ?? ''}${match[2] ?? ''}` : '';
  if (!match || !knownKinds.has(match[2] ?? '')) {
    return { type: 'equals', value: text };
  }
  const value = match[4]?.trim();
  return {
    type,
    ...(value === undefined || value === '' ? {} : { value }),
    ...(match[3] === undefined ? {} : { threshold: Number(match[3]) }),
  };
}

/** Kinds of assertion that a table may name; another word before a colon is part of an answer. */
const knownKinds = new Set(
  `answer-relevance bleu classifier contains contains-all contains-any contains-html contains-json contains-sql
  contains-xml context-faithfulness context-recall context-relevance cost equals factuality finish-reason g-eval
  gleu guardrails icontains icontains-all icontains-any is-html is-json is-refusal is-sql is-valid-openai-tools-call
  is-xml javascript latency levenshtein llm-rubric meteor model-graded-closedqa moderation perplexity
  perplexity-score pi python regex rouge-n similar starts-with webhook word-count`.split(/\s+/),
);

/** The tests of a table: its columns are variables, but for those that begin with two underscores. */
export function testsOfCsv(text: string): PromptfooTest[] {
  const { data } = Papa.parse<Record<string, string>>(text.replace(/^\ufeff/, '').trim(), {
    header: true,
    skipEmptyLines: 'greedy',
  });
  return data.map((row) => {
    const cells = Object.entries(row).map(([name, value]) => [name.trim(), value ?? ''] as const);
    const special = cells.filter(([name, value]) => name.startsWith('__') && value.trim() !== '');
    const left = special.filter(([name]) => !/^__(expected\d*|prefix|suffix|description)$/.test(name));
    const named = (name: string): string => special.find(([each]) => each === name)?.[1] ?? '';
    return {
      vars: Object.fromEntries(cells.filter(([name]) => name !== '' && !name.startsWith('__'))),
      assert: special.filter(([name]) => /^__expected\d*$/.test(name)).map(([, value]) => assertOf(value)),
      prefix: named('__prefix'),
      suffix: named('__suffix'),
      left: left.map(([name]) => name),
    };
  });
}
