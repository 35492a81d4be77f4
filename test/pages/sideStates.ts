import { course } from '../../src/learn/chapters';
import type { InspectSnapshot } from '../../src/protocol/inspectPage';
import { type InspectStrings, inspectStringsEnglish } from '../../src/protocol/inspectStrings';
import type { LearnSnapshot } from '../../src/protocol/learnPage';
import { type LearnStrings, learnStringsEnglish } from '../../src/protocol/learnStrings';

/** The course with the first `numDone` steps done. */
export function lessons(
  numDone: number,
  language: 'en' | 'zh' = 'en',
  strings: LearnStrings = learnStringsEnglish,
): LearnSnapshot {
  let index = 0;
  return {
    strings,
    chapters: course.map(({ id, title, source, steps }) => ({
      id,
      title: title[language],
      source,
      steps: steps.map((step) => ({
        id: step.id,
        title: step.title[language],
        text: step.text[language],
        look: step.look[language],
        done: index++ < numDone,
      })),
    })),
  };
}

const waiting = { state: 'waiting' } as const;

/** Nothing is selected. */
export function emptyInspect(strings: InspectStrings = inspectStringsEnglish): InspectSnapshot {
  return {
    locale: 'en',
    strings,
    source: null,
    paused: false,
    parts: { tokens: waiting, attention: waiting, next: waiting, sentiment: waiting },
  };
}

/** A selection of which all but the sentiment is known; the pictures come as JSON, hence without their bytes. */
export function measuredInspect(strings: InspectStrings = inspectStringsEnglish): InspectSnapshot {
  const tokens = ['The', 'cat', '<b>sat</b>', '你好', '👩‍🚀'].map((text, id) => ({
    id,
    piece: text,
    text,
    start: 0,
    end: 0,
    special: false,
  }));
  return {
    ...emptyInspect(strings),
    source: {
      name: 'a-file-with-quite-a-long-name-for-a-side-bar.md',
      startLine: 3,
      endLine: 7,
      wasCut: true,
    },
    parts: {
      tokens: { state: 'done', value: { model: 'scope-bert', tokens, total: 321 } },
      attention: { state: 'failed', message: 'This graph has no attention that could be read.' },
      next: {
        state: 'done',
        value: {
          model: 'scope-gpt',
          candidates: [
            { id: 1, piece: 'Ġmat', text: ' mat', probability: 0.5 },
            {
              id: 2,
              piece: 'Ġantidisestablishmentarianism',
              text: ' antidisestablishmentarianism',
              probability: 0.25,
            },
          ],
        },
      },
      sentiment: { state: 'running' },
    },
  };
}
