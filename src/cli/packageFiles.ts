import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelSource } from '../protocol/model';
import type { Schema } from '../suites/schemaWalk';

/** What the command reads of the package that it lies in: a checkout or an installed extension. */
export interface PackageFiles {
  readonly root: string;
  readonly version: string;
  readonly schema: Schema;
  /** Bundled models that continue a prompt, the one made for instructions first. */
  readonly models: readonly ModelSource[];
}

interface Manifest {
  readonly models: readonly { readonly id: string; readonly task: string }[];
}

export async function readPackage(root: string): Promise<PackageFiles> {
  const json = async (...path: string[]): Promise<unknown> =>
    JSON.parse(await readFile(join(root, ...path), 'utf8')) as unknown;
  const { version } = (await json('package.json')) as { version: string };
  const { models } = (await json('models', 'manifest.json')) as Manifest;
  const writers = models.filter(({ task }) => task === 'text-generation').map(({ id }) => id);
  return {
    root,
    version,
    schema: (await json('media', 'suite', 'prompts.schema.json')) as Schema,
    models: writers
      .sort((a, b) => Number(b.includes('instruct')) - Number(a.includes('instruct')))
      .map((id) => ({ id, folder: join(root, 'models', id) })),
  };
}
