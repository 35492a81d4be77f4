import { type ChatAnswer, type SentenceSimilarity, isMissing, sides } from '../protocol/compare';
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
import { type WordKey, decimals, shortened } from './reportSpeech';
import { withoutBlankEnds, wordsIn } from './reportUses';

interface LayerCosines {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** The pair with the highest cosine. */
  readonly nearest: readonly [number, number];
}

/** How alike the sentences are to each model, layer by layer. */
export function similaritySection(facts: ReportFacts): Block[] {
  const value = valueOf(facts.input.parts, 'sentences');
  if (!value) {
    return [notMeasured(facts, 'sentences')];
  }
  const { say, paragraph, count } = facts.speech;
  if (isMissing(value)) {
    return [text(missingSentence(facts, say('similarity'), value))];
  }
  const numPairs = (value.sentences.length * (value.sentences.length - 1)) / 2;
  const models = sides.flatMap((side) => {
    const own = found(value[side]);
    const layers = own ? cosineLayers(own, value.sentences.length) : [];
    return layers.length > 0 ? [{ name: facts.names[side], layers }] : [];
  });
  const blocks: Block[] = models.map(({ name, layers }) => {
    const [first, last] = [layers[0]!, layers.at(-1)!];
    const spread = layers.map(({ high, low }) => high - low);
    const widest = spread.indexOf(Math.max(...spread));
    const [a, b] = last.nearest.map((index) => shortened(value.sentences[index] ?? '', 50));
    return text(
      paragraph(
        say(
          'simPairs',
          count(numPairs),
          value.sentences.length,
          name,
          decimals(first.mean),
          decimals(last.mean),
        ),
        numPairs > 1 &&
          say('simRange', widest, decimals(layers[widest]!.low), decimals(layers[widest]!.high)),
        numPairs > 1 && say('simNearest', a ?? '', b ?? '', decimals(last.high)),
        last.low > 0.9 && say('simCrowded', decimals(Math.floor(100 * last.low) / 100)),
      ),
    );
  });
  if (models.length === 2) {
    const [left, right] = models.map(({ layers }) => layers.at(-1)!.nearest.join());
    blocks.push(text(say(numPairs < 2 ? 'simFew' : left === right ? 'simSameNearest' : 'simOtherNearest')));
  }
  if (models.length > 0) {
    const depth = Math.max(...models.map(({ layers }) => layers.length));
    blocks.push({
      kind: 'table',
      head: [
        say('colLayer'),
        ...models.flatMap(({ name }) => [say('colMean', name), say('colLowHigh', name)]),
      ],
      rows: Array.from({ length: depth }, (_, layer) => [
        String(layer),
        ...models.flatMap(({ layers }) => {
          const own = layers[layer];
          return own ? [decimals(own.mean), `${decimals(own.low)} – ${decimals(own.high)}`] : ['', ''];
        }),
      ]),
    });
  }
  return [...blocks, ...missingSides(facts, value)];
}

/** Over pairs of different sentences. */
export function cosineLayers(
  { numLayers, cosines }: SentenceSimilarity,
  numSentences: number,
): LayerCosines[] {
  const all = new Float32Array(cosines);
  if (numSentences < 2) {
    return [];
  }
  return Array.from({ length: numLayers }, (_, layer) => {
    let [sum, low, high, pairs] = [0, Infinity, -Infinity, 0];
    let nearest: readonly [number, number] = [0, 1];
    for (let a = 0; a < numSentences; a++) {
      for (let b = a + 1; b < numSentences; b++) {
        const cosine = all[(layer * numSentences + a) * numSentences + b] ?? 0;
        sum += cosine;
        pairs++;
        low = Math.min(low, cosine);
        if (cosine > high) {
          high = cosine;
          nearest = [a, b];
        }
      }
    }
    return { mean: sum / pairs, low, high, nearest };
  });
}

/** The same prompt before and after instruction tuning. */
export function chatSection(facts: ReportFacts): Block[] {
  const chat = valueOf(facts.input.parts, 'chat');
  if (!chat) {
    return [notMeasured(facts, 'chat')];
  }
  const { say, paragraph } = facts.speech;
  const { base, tuned, prompt } = chat;
  const blocks: Block[] = [text(say('chatPrompt', shortened(prompt, 200)))];
  for (const [key, answer] of [
    ['chatBase', base],
    ['chatTuned', tuned],
  ] as const) {
    if (isMissing(answer)) {
      blocks.push(text(missingSentence(facts, say('theModel'), answer)));
    } else {
      blocks.push(text(say(key, answer.model, answer.numTokens, finishOf(facts, answer))));
      blocks.push({ kind: 'code', text: withoutBlankEnds(answer.text) });
    }
  }
  if (!isMissing(base) && !isMissing(tuned)) {
    const [a, b] = [endsItself(tuned), endsItself(base)];
    const [own, rival] = [echo(tuned.text, prompt), echo(base.text, prompt)];
    blocks.push(
      text(
        paragraph(
          say(a && b ? 'chatBothEnd' : a ? 'chatOnlyTuned' : b ? 'chatOnlyBase' : 'chatNeitherEnds'),
          say('chatLengths', own.words, own.inPrompt, rival.words, rival.inPrompt),
          say('chatOnePrompt'),
        ),
      ),
    );
  }
  return blocks;
}

function endsItself({ finish }: ChatAnswer): boolean {
  return finish === 'end' || finish === 'stop';
}

function finishOf({ speech }: ReportFacts, { finish }: ChatAnswer): string {
  const known: Readonly<Record<string, WordKey>> = {
    end: 'finish_end',
    stop: 'finish_stop',
    length: 'finish_length',
    context: 'finish_context',
    cancelled: 'finish_cancelled',
  };
  const key = known[finish];
  return key ? speech.say(key) : finish;
}

function echo(answer: string, prompt: string): { words: number; inPrompt: number } {
  const asked = new Set(wordsIn(prompt));
  const words = wordsIn(answer);
  return { words: words.length, inPrompt: words.filter((word) => asked.has(word)).length };
}
