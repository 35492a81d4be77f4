import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClipModel } from '../../src/inference/clipModel';
import { graphNames } from '../../src/protocol/graphNames';
import { wilson } from '../../src/prompts/statistics';
import type { Figure } from './figures';

type Language = 'en' | 'zh';

/** Pictures of unseen combinations that `models/training/clip/items.py` drew; not the card's, but of its tasks. */
interface ClipItems {
  /** Every colour with every shape; the captions of the task "name". */
  readonly names: readonly Readonly<Record<Language, string>>[];
  /** The first caption is the true one; of "name" it is the only one. */
  readonly questions: readonly ({ task: string; picture: string } & Record<Language, readonly string[]>)[];
}

/** The part of scope-clip's entry in the manifest that can be measured here. */
export interface ClipFigures {
  readonly templates: Readonly<Record<Language, string>>;
  readonly zeroShot: Readonly<Record<Language, { unseen: Readonly<Record<string, number>> }>>;
}

/** Zero-shot: how often the likeliest of several captions is the true one. */
export async function clipFigures(root: string, stated: ClipFigures): Promise<Figure[]> {
  const file = join(root, 'test', 'fixtures', 'heldOut', 'clip.json');
  const { names, questions } = JSON.parse(readFileSync(file, 'utf8')) as ClipItems;
  const model = await ClipModel.load(join(root, 'models', 'scope-clip'), graphNames('fp32'));
  const figures: Figure[] = [];
  for (const lang of ['en', 'zh'] as const) {
    const template = stated.templates[lang];
    for (const task of new Set(questions.map((question) => question.task))) {
      const asked = questions.filter((question) => question.task === task);
      let numRight = 0;
      for (const [index, { picture, [lang]: captions }] of asked.entries()) {
        const labels = captions.length > 1 ? captions : names.map((name) => name[lang]);
        const image = { name: `${task} ${index}`, bytes: Buffer.from(picture, 'base64') };
        const { labels: ranked } = await model.zeroShot(image, labels, { template });
        numRight += Number(ranked[0]?.label === captions[0]);
      }
      const measured = numRight / asked.length;
      figures.push({
        name: `${lang}, ${task} (${asked.length} pictures)`,
        ...{ stated: stated.zeroShot[lang].unseen[task] ?? NaN, measured },
        // Fewer pictures than the card's, and others: its figure may lie as high as their 95 % interval reaches.
        slack: wilson(numRight, asked.length).high - measured,
      });
    }
  }
  await model.release();
  return figures;
}
