import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { StudyArchive } from '../../src/archive/studyArchive';
import { newStudy } from '../../src/prompts/presets';
import { hashText } from '../../src/prompts/random';
import type { Generation } from '../../src/protocol/language';
import { type Study, cellKey } from '../../src/protocol/prompts';
import { PromptSession } from '../../src/study/promptSession';
import type { InferenceClient } from '../../src/worker/client';

/** A study of five cells per item and a session that asks a model whose answers are known beforehand. */

const model = { id: 'steady', folder: '/models/steady' };

export function steadyStudy(numItems: number): Study {
  const begun = newStudy('steady', 'Numbers', 'Is 1 odd or even?', model, 'classify', 'en');
  const items = Array.from({ length: numItems }, (_, index) => ({
    input: `Is ${index} odd or even?`,
    expected: index % 2 ? 'odd' : 'even',
  }));
  const strategies = begun.strategies.slice(0, 5);
  return { ...begun, strategies, task: { ...begun.task, labels: ['odd', 'even'], items } };
}

/** Every question is a line of `asks`, and every answer that the page was told of a line of `told`. */
export function steadySession(archive: StudyArchive, log: { asks: string; told: string }): PromptSession {
  const client = {
    request: () => Promise.resolve(null),
    generate: async ({ prompt }: { prompt: string }): Promise<Generation> => {
      appendFileSync(log.asks, `${process.pid} ${hashText(prompt)}\n`);
      await delay(1);
      return {
        text: hashText(prompt) % 3 === 0 ? ' odd' : ' even',
        tokens: [],
        finish: 'stop',
        numPromptTokens: prompt.length,
        numDroppedTokens: 0,
        seed: 1,
        usedCache: false,
        promptMilliseconds: 1,
        tokenMilliseconds: 1,
      };
    },
  };
  return new PromptSession({
    client: client as unknown as InferenceClient,
    encoder: model,
    journal: archive,
    language: 'en',
    describe: (error) => error.message,
    changed: () => undefined,
    cellsChanged: ({ results }) => {
      appendFileSync(log.told, results.map((result) => `${cellKey(result)}\n`).join(''));
    },
    streamed: () => undefined,
  });
}
