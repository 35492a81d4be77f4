import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Precision } from '../protocol/model';
import { type AskedModel, type LocalModel, type Study, isLocal } from '../protocol/prompts';
import type { RunCircumstances } from '../protocol/promptRuns';
import { modelHash } from '../study/modelHash';

export interface RunSettings {
  readonly precision: Precision;
  readonly runtime: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Hashes of this session by file, with the time of the file that was read: a large one takes seconds. */
const hashes = new Map<string, { readonly stamp: number; readonly hash: string }>();

/** Who is asked in a run of a study, and on what. */
export async function runCircumstances(study: Study, settings: RunSettings): Promise<RunCircumstances> {
  return {
    models: await Promise.all(study.models.map((model) => describe(model, settings))),
    versions: settings.versions,
  };
}

async function describe(
  model: AskedModel,
  { precision, runtime }: RunSettings,
): Promise<RunCircumstances['models'][number]> {
  if (!isLocal(model)) {
    return { id: model.id, provider: model.provider };
  }
  const hash = await hashOf(model, precision);
  return { id: model.id, provider: 'local', precision, runtime, ...(hash === undefined ? {} : { hash }) };
}

async function hashOf({ folder }: LocalModel, precision: Precision): Promise<string | undefined> {
  const key = `${folder}|${precision}`;
  const known = hashes.get(key);
  if (known && (await stampOf(folder, known.hash)) === known.stamp) {
    return known.hash;
  }
  const hash = await modelHash(folder, precision);
  const stamp = hash === undefined ? undefined : await stampOf(folder, hash);
  if (hash !== undefined && stamp !== undefined) {
    hashes.set(key, { stamp, hash });
  }
  return hash;
}

/** When the file was changed that a hash names in brackets. */
async function stampOf(folder: string, hash: string): Promise<number | undefined> {
  const file = /\((.*)\)$/.exec(hash)?.[1] ?? '';
  return (await stat(join(folder, file)).catch(() => undefined))?.mtimeMs;
}
