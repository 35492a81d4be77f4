import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportWordings } from '../../src/compare/reportWording';
import { timeline } from '../../src/compare/timeline';
import { variants } from '../../src/compare/variants';
import { course } from '../../src/learn/chapters';
import { exportWordings } from '../../src/prompts/exportWording';
import { wordings } from '../../src/prompts/wording';
import { root } from './sourceTree';

/** What a person reads, in both languages, and where it comes from. */
export interface BilingualText {
  readonly place: string;
  readonly en: string;
  readonly zh: string;
}

/** Everything that the extension says in two languages: manifest, messages, pages, suites, course, reports. */
export function bilingualTexts(): readonly BilingualText[] {
  const manifest = { en: stringsOf('package.nls.json'), zh: stringsOf('package.nls.zh-cn.json') };
  return [
    ...translated('media/l10n/bundle.l10n.zh-cn.json'),
    ...translated('media/suite/descriptions.zh-cn.json'),
    ...matched('package.nls', manifest.en, manifest.zh),
    ...matched('report of a comparison', reportWordings.en, reportWordings.zh),
    ...matched('report of a study', wordings.en, wordings.zh),
    ...matched('exported answers', exportWordings.en, exportWordings.zh),
    ...course.flatMap(({ id, title, steps }) => [
      { place: id, ...title },
      ...steps.flatMap((step) =>
        [step.title, step.text, step.look].map((text) => ({ place: `${id}/${step.id}`, ...text })),
      ),
    ]),
    ...variants.flatMap(({ name, data, objective, point }) =>
      [data, objective, point].map((text) => ({ place: name, ...text })),
    ),
    ...timeline.map(({ name, sentence }) => ({ place: name, ...sentence })),
  ];
}

/** The Chinese README as lines of prose: without code, addresses and the markup of pictures. */
export function proseOfReadme(): readonly string[] {
  return readFileSync(join(root, 'README.zh-CN.md'), 'utf8')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split('\n')
    .map((line) => line.trim());
}

/** A file of translations, keyed by the English text. */
function translated(path: string): BilingualText[] {
  return Object.entries(stringsOf(path)).map(([en, zh]) => ({ place: path, en, zh }));
}

/** Two tables with the same keys; what is no string is a table of its own, or is made by a function. */
function matched(place: string, en: object, zh: object): BilingualText[] {
  const other = zh as Record<string, unknown>;
  return Object.entries(en).flatMap(([key, english]): BilingualText[] => {
    const chinese = other[key];
    if (typeof english === 'string' && typeof chinese === 'string') {
      return [{ place: `${place}: ${key}`, en: english, zh: chinese }];
    }
    return typeof english === 'object' && typeof chinese === 'object'
      ? matched(`${place}: ${key}`, english as object, chinese as object)
      : [];
  });
}

function stringsOf(path: string): Record<string, string> {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, string>;
}
