import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClipModel } from '../../src/inference/clipModel';
import { classify } from '../../src/inference/sequenceTasks';
import { agrees, type Fact, type Subject } from './facts';

/** DistilBERT SST-2 in the documentation of transformers.js. */
const reviews = [
  ['I love transformers!', 'POSITIVE', 0.999817686],
  ['I love Transformers.js!', 'POSITIVE', 0.9997673034667969],
] as const;

export async function sst2Facts(subject: Subject): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const [text, label, probability] of reviews) {
    const [best] = await classify(subject.language, text);
    facts.push({
      statement: `label of “${text}”`,
      published: label,
      found: String(best?.label),
      holds: best?.label === label,
    });
    facts.push(agrees(subject, `its probability`, best?.probability ?? NaN, probability, 1e-3, 1e-2));
  }
  return facts;
}

interface Picture {
  readonly name: string;
  readonly source: string;
  readonly labels: readonly string[];
  readonly probabilities: readonly number[];
}

/** CLIP ViT-B/32: OpenAI's README, and the card of the converted model. */
const pictures: readonly Picture[] = [
  {
    name: 'CLIP.png',
    source: 'github.com/openai/CLIP',
    labels: ['a diagram', 'a dog', 'a cat'],
    probabilities: [0.9927937, 0.00421068, 0.00299572],
  },
  {
    name: 'tiger.jpg',
    source: 'huggingface.co/datasets/Xenova/transformers.js-docs',
    labels: ['This is a photo of tiger', 'This is a photo of horse', 'This is a photo of dog'],
    probabilities: [0.9993917942, 0.0003519295, 0.0002562699],
  },
];

/** @param folder where the person has put the pictures; those that are not there are named */
export async function clipFacts(
  model: string,
  isExact: boolean,
  names: readonly string[],
  folder: string | undefined,
): Promise<Fact[]> {
  const clip = await ClipModel.load(model, names);
  const facts: Fact[] = [];
  for (const { name, source, labels, probabilities } of pictures) {
    const file = join(folder ?? '.', name);
    if (!existsSync(file)) {
      facts.push({
        statement: `picture ${name}`,
        published: `from ${source}`,
        found: `not in ${folder ?? 'the folder given with --pictures'}`,
        holds: false,
      });
      continue;
    }
    const match = await clip.matchImageText([{ name, bytes: readFileSync(file) }], labels);
    labels.forEach((label, index) => {
      const found = match.probabilities[0]?.[index] ?? NaN;
      facts.push(agrees({ isExact }, `${name}: “${label}”`, found, probabilities[index]!, 5e-3, 0.05));
    });
  }
  await clip.release();
  return facts;
}
