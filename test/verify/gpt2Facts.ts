import { headPatterns, type HeadPatterns } from '../../src/attention/headPatterns';
import { unpackPatterns } from '../../src/attention/patternTable';
import { rollout } from '../../src/attention/rollout';
import { headOf, type LayerWeights } from '../../src/attention/weights';
import { rowOf } from '../../src/inference/languageModel';
import { logSoftmax } from '../../src/inference/sampling';
import { testInduction } from '../../src/worker/inductionTest';
import { agrees, atLeast, type Fact, idsOf, same, type Subject } from './facts';

/** A prompt with what GPT-2 small says next: Transformer Explainer (poloclub, MIT) ships all logits in fp32. */
interface Prompt {
  readonly text: string;
  readonly ids: readonly number[];
  readonly next: readonly { readonly id: number; readonly logit: number; readonly probability: number }[];
  /** Mean attention to the first token, over all heads and the queries from the third on. */
  readonly firstToken: number;
  /** Rollout from the last token to the first. */
  readonly rollout: number;
}

const next = (id: number, logit: number, probability: number): Prompt['next'][number] => ({
  id,
  logit,
  probability,
});

const prompts: readonly Prompt[] = [
  {
    text: 'Data visualization empowers users to',
    ids: [6601, 32704, 795, 30132, 2985, 284],
    next: [next(38350, -135.9132, 0.15784), next(2251, -136.6836, 0.07305), next(766, -137.1203, 0.0472)],
    ...{ firstToken: 0.667, rollout: 0.9938 },
  },
  {
    text: 'Artificial Intelligence is transforming the',
    ids: [8001, 9542, 9345, 318, 25449, 262],
    next: [next(835, -100.8785, 0.24566), next(995, -101.0488, 0.2072), next(3160, -103.3489, 0.02077)],
    ...{ firstToken: 0.691, rollout: 0.9945 },
  },
  {
    text: 'As the spaceship was approaching the',
    ids: [1722, 262, 40663, 373, 13885, 262],
    next: [next(5440, -92.8636, 0.12928), next(4417, -94.1827, 0.03457), next(4429, -94.4171, 0.02735)],
    ...{ firstToken: 0.667, rollout: 0.9941 },
  },
  {
    text: 'On the deserted planet they discovered a',
    ids: [2202, 262, 36043, 5440, 484, 5071, 257],
    next: [next(6283, -89.0186, 0.03472), next(11428, -89.2613, 0.02724), next(5440, -89.2634, 0.02718)],
    ...{ firstToken: 0.672, rollout: 0.9935 },
  },
  {
    text: 'IEEE VIS conference highlights the',
    ids: [40, 31909, 50035, 4495, 11330, 262],
    next: [next(6817, -93.251, 0.05007), next(3452, -93.7715, 0.02975), next(4034, -94.089, 0.02166)],
    ...{ firstToken: 0.7, rollout: 0.9947 },
  },
];

/** Byte-level BPE on Chinese and Japanese (huggingface/tokenizers #1162). */
const words: readonly (readonly [string, readonly number[]])[] = [
  ['是', [42468]],
  ['東', [30266, 109]],
  ['東京メトロ', [30266, 109, 12859, 105, 26998, 13298, 16253]],
  ['This is my fault', [1212, 318, 616, 8046]],
];

/** Heads that continue what came before, with their scores on random tokens twice in a row (50 + 50). */
const inductionHeads: readonly (readonly [number, number, number])[] = [
  [5, 5, 0.932],
  [6, 9, 0.913],
  [7, 10, 0.91],
  [5, 1, 0.908],
  [7, 2, 0.833],
];

/** What is known of GPT-2's tokens, which DistilGPT-2 shares. */
export function gpt2TokenFacts(subject: Subject): Fact[] {
  return [...words, ...prompts.map(({ text, ids }) => [text, ids] as const)].map(([text, ids]) =>
    same(`tokens of “${text}”`, idsOf(subject, text), ids),
  );
}

export async function gpt2Facts(subject: Subject): Promise<Fact[]> {
  const facts = gpt2TokenFacts(subject);
  for (const prompt of prompts) {
    facts.push(...(await promptFacts(subject, prompt)));
  }
  const table = unpackPatterns((await testInduction(subject.attention, 50, 1)).data);
  const scores = table.map(({ induction }) => induction).sort((a, b) => b - a);
  for (const [layer, head, score] of inductionHeads) {
    const found = table[layer * 12 + head]?.induction ?? NaN;
    const rank = scores.indexOf(found) + 1;
    facts.push({
      statement: `head ${layer}.${head} is an induction head`,
      published: `${score}; among the strongest`,
      found: `${found.toFixed(3)}, rank ${rank} of 144`,
      holds: found > 0.5 && rank <= 15,
    });
  }
  return facts;
}

async function promptFacts(subject: Subject, prompt: Prompt): Promise<Fact[]> {
  const { attention, language } = subject;
  const ids = [...prompt.ids];
  const about = `“${prompt.text}”`;
  const rows = await language.logits(ids);
  const last = rowOf(rows, rows.numRows - 1);
  const logProbabilities = logSoftmax(last);
  const order = [...last.keys()].sort((a, b) => last[b]! - last[a]!);
  const [first] = prompt.next;
  const layers = await attention.attend(ids);
  const patterns = patternsOf(layers, ids);
  const previous = patterns.map((each) => each.previous);
  const head = previous[4 * 12 + 11] ?? NaN;
  return [
    {
      statement: `likeliest next token of ${about}`,
      published: String(first?.id),
      found: String(order[0]),
      holds: order[0] === first?.id || (!subject.isExact && order.indexOf(first?.id ?? -1) < 3),
    },
    ...prompt.next.flatMap(({ id, logit, probability }) => [
      agrees(subject, `logit of ${id} after ${about}`, last[id]!, logit, 0.01, 5),
      agrees(subject, `p(${id}) after ${about}`, Math.exp(logProbabilities[id]!), probability, 1e-3, 0.06),
    ]),
    atLeast(`head 4.11 looks at the previous token in ${about}`, head, 0.99, '0.9997 to 0.9999'),
    same(`rank of 4.11 among 144 as such`, [previous.filter((score) => score > head).length + 1], [1]),
    agrees(
      subject,
      `attention to the first token of ${about}`,
      toFirst(layers),
      prompt.firstToken,
      2e-3,
      0.05,
    ),
    agrees(
      subject,
      `rollout to the first token of ${about}`,
      rollout(layers)[(ids.length - 1) * ids.length] ?? NaN,
      prompt.rollout,
      5e-4,
      0.02,
    ),
  ];
}

function patternsOf(layers: readonly LayerWeights[], ids: readonly number[]): HeadPatterns[] {
  const none = ids.map(() => false);
  const tokens = { ids, special: none, punctuation: none, causal: true };
  return layers.flatMap((layer) =>
    Array.from({ length: layer.numHeads }, (_, head) => headPatterns(layer, head, tokens)),
  );
}

function toFirst(layers: readonly LayerWeights[]): number {
  let sum = 0;
  let count = 0;
  for (const layer of layers) {
    for (let head = 0; head < layer.numHeads; head++) {
      const weights = headOf(layer, head);
      for (let query = 2; query < layer.numTokens; query++) {
        sum += weights[query * layer.numTokens]!;
        count++;
      }
    }
  }
  return sum / count;
}
