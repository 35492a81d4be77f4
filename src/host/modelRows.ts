import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CachedModel, cachedModels } from '../hub/hubCache';
import type { PausedDownload, StoredModel } from '../hub/modelStore';
import { type Dtype, variantsOf } from '../hub/variants';
import type { ModelSource, Precision } from '../protocol/model';
import type { HubAccess } from './hubAccess';
import { configOf } from './modelConfig';
import { type ModelGroup, type ModelShape, groupOf, shapeOf } from './modelKinds';
import type { ModelUse, ModelUses } from './modelUses';
import type { BundledModel, Models } from './models';

/** Where a model comes from, with what is known of it only there. */
export type ModelOrigin =
  | { readonly from: 'bundle'; readonly model: BundledModel }
  | { readonly from: 'hub'; readonly model: StoredModel }
  | { readonly from: 'cache'; readonly model: CachedModel }
  | { readonly from: 'folder' };

/** A model on this machine. */
export interface ModelRow {
  readonly kind: 'model';
  readonly source: ModelSource;
  readonly origin: ModelOrigin;
  readonly group: ModelGroup;
  readonly shape: ModelShape;
  /** Of the weights that are taken first. */
  readonly bytes: number;
  readonly dtype: string | undefined;
  /** The folder has a model card. */
  readonly hasCard: boolean;
  /** What it is used for now. */
  readonly uses: readonly ModelUse[];
}

/** A download that is not finished. */
export interface DownloadRow {
  readonly kind: 'download';
  readonly plan: PausedDownload;
  readonly group: ModelGroup;
}

/** Models for one kind of task. */
export interface GroupRow {
  readonly kind: 'group';
  readonly group: ModelGroup;
  readonly rows: readonly (ModelRow | DownloadRow)[];
}

export type ModelNode = GroupRow | ModelRow | DownloadRow;

/** Everything that is on this machine: bundled, downloaded, in the Hugging Face cache, chosen folders; then downloads. */
export async function modelRows(
  models: Models,
  access: HubAccess,
  uses: ModelUses,
  precision: Precision,
): Promise<(ModelRow | DownloadRow)[]> {
  const store = access.store();
  const [bundled, stored, paused, cached, used] = await Promise.all([
    models.bundledReading(),
    store.models(),
    store.paused(),
    cachedModels(access.cacheFolder),
    uses.current(),
  ]);
  const found: [ModelSource, ModelOrigin][] = [
    ...bundled.map((model): [ModelSource, ModelOrigin] => [
      models.bundledSource(model.id),
      { from: 'bundle', model },
    ]),
    ...stored.map((model): [ModelSource, ModelOrigin] => [
      models.sourceOf(model.folder),
      { from: 'hub', model },
    ]),
    ...cached.map((model): [ModelSource, ModelOrigin] => [
      models.sourceOf(model.folder),
      { from: 'cache', model },
    ]),
  ];
  const known = new Set(found.map(([{ folder }]) => folder));
  const chosen = [...used.keys()].filter((folder) => !known.has(folder));
  const all = [
    ...found,
    ...chosen.map((folder): [ModelSource, ModelOrigin] => [models.sourceOf(folder), { from: 'folder' }]),
  ];
  return [
    ...(await Promise.all(
      all.map(([source, origin]) => rowOf(source, origin, used.get(source.folder) ?? [], precision)),
    )),
    ...paused.map((plan): DownloadRow => ({ kind: 'download', plan, group: groupOf(plan.task, {}) })),
  ];
}

async function rowOf(
  source: ModelSource,
  origin: ModelOrigin,
  uses: readonly ModelUse[],
  precision: string,
): Promise<ModelRow> {
  const config = await configOf(source.folder);
  const task = 'model' in origin && 'task' in origin.model ? origin.model.task : undefined;
  const { bytes, dtype } = await weightsIn(source.folder, precision);
  return {
    kind: 'model',
    source,
    origin,
    group: groupOf(task, config),
    shape: shapeOf(config),
    bytes,
    dtype,
    hasCard: (await sizeOf(join(source.folder, 'README.md'))) !== undefined,
    uses,
  };
}

/** The weights that are loaded: those that the setting prefers, where there are such. */
async function weightsIn(
  folder: string,
  precision: string,
): Promise<{ bytes: number; dtype: Dtype | undefined }> {
  const names = async (below: string): Promise<string[]> =>
    readdir(join(folder, below)).catch((): string[] => []);
  const paths = [...(await names('')), ...(await names('onnx')).map((name) => `onnx/${name}`)];
  const weights = paths.filter((path) => path.includes('.onnx'));
  const files = await Promise.all(
    weights.map(async (path) => ({ path, size: (await sizeOf(join(folder, path))) ?? 0 })),
  );
  const variants = variantsOf(files);
  const best = variants.find(({ dtype }) => precision === 'fp32' && dtype === 'fp32') ?? variants[0];
  return { bytes: best?.bytes ?? 0, dtype: best?.dtype };
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
