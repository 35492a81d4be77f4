import { headPatterns, type HeadPatterns } from '../../src/attention/headPatterns';
import { headOf } from '../../src/attention/weights';
import { attentionBetweenGroups, groupTokens } from '../../src/attention/words';
import { wordsOfTokens } from '../../src/attention/wordsOfTokens';
import type { Fact, Subject } from './facts';

/** BERT-base uncased, Clark et al. 2019 (“What Does BERT Look At?”); layers and heads counted from 0. */
const sentence = "I see my sister, but she can't see me because she is reading a linguistics book";
/** Direct objects look at their verb in head 8-10 of the paper: dependent, its verb, which of the same verbs. */
const objects = [
  ['sister', 'see', 0],
  ['me', 'see', 1],
  ['book', 'reading', 0],
] as const;

/** Two paragraphs of about the length on which the paper measured (128 tokens). */
const passage = `The river rises in the northern hills and runs through three towns before it reaches the sea.
In spring the snow melts, and the water is often high enough to cover the lower fields. Farmers leave them for grass.`;
const passageAfter = `Boats carried grain and timber down the river until the railway came. Today the old harbour is a museum.
Visitors can see how the boats were built, and on Sundays a small steamer still makes the trip to the first lock.`;

export async function bertFacts(subject: Subject): Promise<Fact[]> {
  return [...(await objectFacts(subject)), ...(await habitFacts(subject))];
}

async function objectFacts({ attention, language }: Subject): Promise<Fact[]> {
  const { tokens } = language.tokenizer.tokenize(sentence, Infinity);
  const groups = groupTokens(wordsOfTokens(sentence, tokens));
  const names = groups.map(({ start, end }) =>
    tokens[start]?.special ? '' : sentence.slice(tokens[start]?.start, tokens[end - 1]?.end).trim(),
  );
  const layer = (await attention.attend(tokens.map(({ id }) => id)))[7];
  if (!layer) {
    return [];
  }
  const weights = attentionBetweenGroups(headOf(layer, 9), tokens.length, groups, groups);
  const nth = (name: string, index: number): number =>
    [...names.keys()].filter((each) => names[each] === name)[index] ?? -1;
  return objects.map(([dependent, verb, index]) => {
    const row = weights.slice(nth(dependent, 0) * groups.length, (nth(dependent, 0) + 1) * groups.length);
    const keys = [...row.keys()].filter((key) => names[key] !== '');
    const best = keys.reduce((most, key) => (row[key]! > row[most]! ? key : most), keys[0] ?? 0);
    return {
      statement: `head 7.9: “${dependent}” looks most at its verb`,
      published: verb,
      found: `${names[best]} (${(row[best] ?? NaN).toFixed(2)})`,
      holds: best === nth(verb, index),
    };
  });
}

async function habitFacts({ attention, language }: Subject): Promise<Fact[]> {
  const { ids, typeIds } = language.tokenizer.encodePair(passage, passageAfter);
  const layers = await attention.attend(ids, typeIds);
  // A pair ends with its second [SEP].
  const isSeparator = ids.map((id) => id === ids.at(-1));
  const patterns: HeadPatterns[][] = layers.map((layer) =>
    Array.from({ length: layer.numHeads }, (_, head) =>
      headPatterns(layer, head, { ids, special: isSeparator, punctuation: isSeparator, causal: false }),
    ),
  );
  const all = patterns.flat();
  const count = (kind: 'previous' | 'next'): number => all.filter((head) => head[kind] > 0.5).length;
  const deep = patterns.slice(5, 10).flat();
  const toSeparator = deep.reduce((sum, { special }) => sum + special, 0) / deep.length;
  const share = (statement: string, published: string, found: number, least: number): Fact => ({
    statement,
    published,
    found: found.toFixed(3),
    holds: found > least,
  });
  return [
    share('attention to [SEP] in the paper’s layers 6 to 10', 'over half', toSeparator, 0.5),
    share('head 2.0 looks at the next token', '> 0.5 (figure 1)', patterns[2]?.[0]?.next ?? NaN, 0.5),
    share('head 7.6 looks at [SEP]', '> 0.6 (figure 1)', patterns[7]?.[6]?.special ?? NaN, 0.6),
    {
      statement: 'heads that spend more than half on the previous token',
      published: '4',
      found: String(count('previous')),
      holds: Math.abs(count('previous') - 4) <= 1,
    },
    {
      statement: 'heads that spend more than half on the next token',
      published: '5',
      found: String(count('next')),
      holds: Math.abs(count('next') - 5) <= 1,
    },
  ];
}
