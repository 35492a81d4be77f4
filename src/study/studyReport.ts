import { writeReport } from '../prompts/report';
import { isLocal } from '../protocol/prompts';
import { ScopeError } from '../protocol/errors';
import type { Precision } from '../protocol/model';
import { modelHash } from './modelHash';
import type { PromptSession } from './promptSession';

/**
 * The report on what a session has found.
 * @param precision which weights of a model were asked, of those that it has
 * @throws {ScopeError} `badRequest` when the session has no study
 */
export async function studyReport(
  session: PromptSession,
  format: 'md' | 'html',
  language: 'en' | 'zh',
  precision: Precision,
): Promise<string> {
  const { study } = session;
  const summary = session.summary();
  if (!study || !summary) {
    throw new ScopeError('badRequest', 'no study');
  }
  const hashes = await Promise.all(
    study.models
      .filter(isLocal)
      .map(async ({ id, folder }) => [id, (await modelHash(folder, precision)) ?? '–'] as const),
  );
  const first = study.models[0]?.id;
  const prompts = session.inputCells.flatMap(({ strategy, model, prompt }) =>
    model === first && prompt ? [[strategy, prompt] as const] : [],
  );
  return writeReport(
    {
      study,
      summary,
      prompts: new Map(prompts),
      promptsFor: study.input,
      hashes: new Map(hashes),
      places: session.places(),
      date: new Date().toISOString(),
    },
    format,
    language,
  );
}
