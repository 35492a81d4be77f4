import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { graphNames } from '../protocol/graphNames';
import type { Precision } from '../protocol/model';
import { type Study, isLocal } from '../protocol/prompts';
import { modelHash } from './modelHash';

/** What else in a folder decides an answer: how texts become tokens, how a conversation is written, when to end. */
const settings = ['config.json', 'generation_config.json', 'tokenizer_config.json', 'chat_template.jinja'];

const known = new Map<string, { readonly state: string; readonly identity: string }>();

/**
 * What tells the files of a study's models of this computer and of its judge, by model id: the hash of the graph that
 * is asked, which says its precision too, and one of its settings. Models elsewhere are known by their name alone.
 */
export async function modelIdentities(study: Study, precision: Precision): Promise<Map<string, string>> {
  const { judge } = study.task.scorer;
  const models = [...study.models, ...(judge ? [judge.model] : [])].filter(isLocal);
  const found = await Promise.all(
    models.map(async ({ id, folder }) => [id, await identityOf(folder, precision)] as const),
  );
  return new Map(found);
}

/** Graphs are read again only when their files have changed: a gigabyte takes seconds. */
async function identityOf(folder: string, precision: Precision): Promise<string> {
  const key = `${precision} ${folder}`;
  const state = await stateOf(folder, precision);
  let found = known.get(key);
  if (found?.state !== state) {
    found = { state, identity: await read(folder, precision) };
    known.set(key, found);
  }
  return found.identity;
}

async function read(folder: string, precision: Precision): Promise<string> {
  const hash = createHash('sha256').update((await modelHash(folder, precision)) ?? '');
  for (const name of settings) {
    hash.update(await readFile(join(folder, name)).catch(() => ''));
  }
  return hash.digest('hex').slice(0, 32);
}

async function stateOf(folder: string, precision: Precision): Promise<string> {
  const paths = [...graphNames(precision), ...settings];
  const states = await Promise.all(
    paths.map((path) =>
      stat(join(folder, path)).then(
        ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
        () => '',
      ),
    ),
  );
  return states.join('|');
}
