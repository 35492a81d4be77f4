import type { Precision } from '../protocol/model';
import { type Study, isLocal } from '../protocol/prompts';
import { modelHash } from './modelHash';

/** Stands in for `src/study/modelIdentity.ts` in the browser: bundled models change only with the extension. */
export async function modelIdentities(study: Study, precision: Precision): Promise<Map<string, string>> {
  const { judge } = study.task.scorer;
  const models = [...study.models, ...(judge ? [judge.model] : [])].filter(isLocal);
  const found = await Promise.all(
    models.map(async ({ id, folder }) => [id, (await modelHash(folder, precision)) ?? ''] as const),
  );
  return new Map(found);
}
