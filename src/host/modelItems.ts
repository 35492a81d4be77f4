import * as vscode from 'vscode';
import { type CatalogueModel, type CatalogueTask, catalogueTasks, cheapest } from '../hub/catalogue';
import type { CachedModel } from '../hub/hubCache';
import type { PausedDownload, StoredModel } from '../hub/modelStore';
import { amountOf } from './amounts';
import type { BundledModel } from './models';

/** What can be picked in the list of models. */
export type ModelChoice =
  | { readonly kind: 'bundled'; readonly id: string }
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'cached'; readonly model: CachedModel }
  | { readonly kind: 'paused'; readonly plan: PausedDownload }
  | { readonly kind: 'hub'; readonly id: string }
  | { readonly kind: 'search' | 'enter' | 'open' };

export interface ModelItem extends vscode.QuickPickItem {
  readonly choice?: ModelChoice;
}

/** What the list is made of. */
export interface KnownModels {
  readonly bundled: readonly BundledModel[];
  readonly stored: readonly StoredModel[];
  readonly paused: readonly PausedDownload[];
  readonly cached: readonly CachedModel[];
  readonly catalogue: readonly CatalogueModel[];
  /** The settings' values: ids or folders. */
  readonly inUse: readonly string[];
  readonly host: string;
}

/** The list of models: what is here, then what can be had, then the ways to anything else. */
export function modelItems(known: KnownModels): ModelItem[] {
  const { t } = vscode.l10n;
  const group = (label: string, items: readonly ModelItem[]): ModelItem[] =>
    items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
  const used = (value: string): string => inUseMark(known.inUse, value);
  const here = new Set([...known.stored, ...known.paused, ...known.cached].map(({ id }) => id));
  return [
    ...group(t('Bundled'), bundledItems(known)),
    ...group(
      t('Downloaded'),
      known.stored.map(({ id, dtype, bytes, license, folder }) => ({
        label: id,
        description: [dtype, amountOf(bytes), license].filter((part) => part !== undefined).join(' · '),
        detail: used(folder),
        choice: { kind: 'folder', folder },
      })),
    ),
    ...group(
      t('Paused downloads'),
      known.paused.map((plan) => ({
        label: `$(debug-pause) ${plan.id}`,
        description: `${plan.dtype} · ${t('{0} of {1}', amountOf(plan.bytes), amountOf(plan.total))}`,
        detail: t('Continues where it stopped'),
        choice: { kind: 'paused', plan },
      })),
    ),
    ...group(
      t('In the Hugging Face cache'),
      known.cached.map((model) => ({
        label: model.id,
        description: model.dtypes.join(', '),
        detail: used(model.folder),
        choice: { kind: 'cached', model },
      })),
    ),
    ...catalogueTasks.flatMap((task) =>
      group(
        taskName(task),
        known.catalogue.filter((model) => model.task === task && !here.has(model.id)).map(catalogueItem),
      ),
    ),
    ...group(t('Other models'), [
      {
        label: `$(search) ${t('Search the hub…')}`,
        detail: t('Models with ONNX files on {0}', known.host),
        choice: { kind: 'search' },
      },
      {
        label: `$(link) ${t('Enter a name or an address…')}`,
        detail: t('owner/name, or the address of a model’s page'),
        choice: { kind: 'enter' },
      },
      {
        label: `$(folder) ${t('A folder on disk…')}`,
        detail: t('Hugging Face layout: config.json, tokenizer.json, onnx/model.onnx'),
        choice: { kind: 'open' },
      },
    ]),
  ];
}

/** The models that come with the extension. */
export function bundledItems({ bundled, inUse }: Pick<KnownModels, 'bundled' | 'inUse'>): (ModelItem & {
  readonly choice: { readonly kind: 'bundled'; readonly id: string };
})[] {
  return bundled.map(({ id, architecture, languages, parameters }) => ({
    label: id,
    description: `${architecture} · ${languages.join(', ')} · ${(parameters / 1e6).toFixed(1)} M`,
    detail: inUseMark(inUse, id),
    choice: { kind: 'bundled', id },
  }));
}

function inUseMark(inUse: readonly string[], value: string): string {
  return inUse.includes(value) ? vscode.l10n.t('In use') : '';
}

function catalogueItem(model: CatalogueModel): ModelItem {
  const { dtype, megabytes } = cheapest(model);
  const about = vscode.l10n.t('about {0}', amountOf(megabytes * 1e6));
  return {
    label: `$(cloud-download) ${model.id}`,
    description: [about, dtype, model.license, model.languages.join(', ')].join(' · '),
    detail: model.limits === 'noPrediction' ? vscode.l10n.t('Shows attention; does not predict words') : '',
    choice: { kind: 'hub', id: model.id },
  };
}

function taskName(task: CatalogueTask): string {
  const { t } = vscode.l10n;
  switch (task) {
    case 'mask':
      return t('To download: read from both sides');
    case 'generate':
      return t('To download: continue a text');
    case 'chat':
      return t('To download: follow instructions');
    case 'classify':
      return t('To download: classify a text');
    case 'translate':
      return t('To download: translate');
    case 'image':
      return t('To download: read pictures');
  }
}
