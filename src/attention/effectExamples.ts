import { seededRandom } from '../prompts/random';
import type { ExamplePrompt } from '../protocol/effects';

/**
 * Small tasks with a known answer, on which it is known, or can be measured, which heads do the work. `ioi`: indirect
 * object identification (Wang et al. 2022). `words`: a list of words is said twice, and the second time it breaks off.
 */
export const exampleNames = ['ioi', 'words'] as const;
export type ExampleName = (typeof exampleNames)[number];

/** Prompts by which an example is measured; the first is the one on show. */
export const numExamplePrompts = 32;

/** Names that are one token each in GPT-2 and in the bundled decoder. */
const people = ['Mary', 'John', 'Tom', 'Anna', 'Jack', 'Lucy', 'Sam', 'Lily', 'Ben', 'Sara', 'Max', 'Tim'];
const scenes = [
  'When {0} and {1} went to the store, {2} gave a drink to',
  'Then, {0} and {1} were working at the office. {2} decided to give a present to',
  'When {0} and {1} got a letter at the school, {2} decided to give it to',
  'After {0} and {1} had a long walk, {2} gave a book to',
];
/** Common words that are one token each in both, with the space before them. */
const words = [
  ...['air', 'art', 'ball', 'bird', 'book', 'boy', 'bread', 'car', 'cat', 'child', 'cloud', 'country', 'day'],
  ...['dog', 'door', 'earth', 'eye', 'face', 'family', 'father', 'fire', 'fish', 'food', 'friend', 'garden'],
  ...['girl', 'gold', 'hand', 'head', 'heart', 'house', 'island', 'king', 'law', 'letter', 'man', 'money'],
  ...[
    'moon',
    'mother',
    'night',
    'number',
    'people',
    'power',
    'rain',
    'river',
    'road',
    'sand',
    'school',
    'sea',
  ],
  ...['ship', 'state', 'story', 'sun', 'table', 'teacher', 'train', 'tree', 'war', 'water', 'wind', 'window'],
  ...['woman', 'wood', 'work', 'world'],
];
const listLength = 8;

/** The prompts of an example, the same each time. */
export function examplePrompts(name: ExampleName): ExamplePrompt[] {
  const random = seededRandom(name === 'ioi' ? 2022 : 8);
  const make = name === 'ioi' ? indirectObject : repeatedWords;
  return Array.from({ length: numExamplePrompts }, (_, index) => make(index, random));
}

/** Who is named once gets the thing; either name may come first. */
function indirectObject(index: number, random: () => number): ExamplePrompt {
  const [once, twice] = index === 0 ? ['Mary', 'John'] : drawn(people, 2, random);
  const isFirst = index % 2 === 0;
  const text = (scenes[Math.floor(index / 2) % scenes.length] as string)
    .replace('{0}', (isFirst ? once : twice) as string)
    .replace('{1}', (isFirst ? twice : once) as string)
    .replace('{2}', twice as string);
  return { text, target: ` ${once}`, contrast: ` ${twice}` };
}

/** The word that followed the last one before, against another of the list. */
function repeatedWords(index: number, random: () => number): ExamplePrompt {
  const list = drawn(words, listLength, random);
  const next = 2 + (index % (listLength - 2));
  const others = list.filter((_, place) => place !== next && place !== next - 1);
  const contrast = others[Math.floor(random() * others.length)];
  const text = ` ${[...list, ...list.slice(0, next)].join(' ')}`;
  return { text, target: ` ${list[next]}`, contrast: ` ${contrast}` };
}

/** Different ones of a list, in random order. */
function drawn(list: readonly string[], count: number, random: () => number): string[] {
  const left = [...list];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] as string);
}
