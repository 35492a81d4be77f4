import * as vscode from 'vscode';
import { cachedModels } from '../hub/hubCache';
import type { PausedDownload, StoredModel } from '../hub/modelStore';
import { amountOf } from './amounts';
import { checkFiles } from './checkFiles';
import type { HubAccess } from './hubAccess';
import type { ModelDownloads } from './modelDownloads';
import type { Models } from './models';
import { revealFolder } from './revealFolder';

type Owned =
  | { readonly kind: 'stored'; readonly model: StoredModel }
  | { readonly kind: 'paused'; readonly plan: PausedDownload }
  | { readonly kind: 'cached'; readonly folder: string };

interface OwnedItem extends vscode.QuickPickItem {
  readonly owned?: Owned;
}

interface ActionItem extends vscode.QuickPickItem {
  readonly run: () => unknown;
}

/** What the list of models on this machine needs. */
export interface ManageServices {
  readonly models: Models;
  readonly access: HubAccess;
  readonly downloads: ModelDownloads;
  /** Shows what is on the screen by the model that is in use now. */
  used(): Promise<void>;
}

/** Lists what models take up on this machine, and does with them what the person picks. */
export async function manageModels(services: ManageServices): Promise<void> {
  const { access } = services;
  const store = access.store();
  const [stored, paused, cached, free] = await Promise.all([
    store.models(),
    store.paused(),
    cachedModels(access.cacheFolder),
    store.freeBytes(),
  ]);
  const total = [...stored, ...paused].reduce((sum, { bytes }) => sum + bytes, 0);
  const items: OwnedItem[] = [
    ...stored.map((model): OwnedItem => ({
      label: model.id,
      description: [model.dtype, amountOf(model.bytes), model.license].filter(Boolean).join(' · '),
      detail: services.models.isInUse(model.folder) ? vscode.l10n.t('In use') : '',
      owned: { kind: 'stored', model },
    })),
    ...paused.map((plan): OwnedItem => ({
      label: `$(debug-pause) ${plan.id}`,
      description: `${plan.dtype} · ${vscode.l10n.t('{0} of {1}', amountOf(plan.bytes), amountOf(plan.total))}`,
      owned: { kind: 'paused', plan },
    })),
    ...cached.map(({ id, folder, dtypes }): OwnedItem => ({
      label: id,
      description: dtypes.join(', '),
      detail: vscode.l10n.t('In the Hugging Face cache'),
      owned: { kind: 'cached', folder },
    })),
  ];
  if (items.length === 0) {
    items.push({ label: vscode.l10n.t('No model has been downloaded yet. “Choose Model…” offers some.') });
  }
  const room = free === undefined ? '' : ` · ${vscode.l10n.t('{0} free', amountOf(free))}`;
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Models on this machine: {0}', amountOf(total)) + room,
    placeHolder: store.root,
  });
  if (picked?.owned) {
    const action = await vscode.window.showQuickPick(actionsOf(picked.owned, services), {
      title: `${picked.label} · ${picked.description ?? ''}`,
    });
    await action?.run();
  }
}

function actionsOf(owned: Owned, services: ManageServices): ActionItem[] {
  const { models, access, downloads } = services;
  const { t } = vscode.l10n;
  const use = async (folder: string | undefined): Promise<void> => {
    if (folder !== undefined) {
      await models.use(models.sourceOf(folder));
      await services.used();
    }
  };
  const useIt = (folder: string): ActionItem => ({
    label: `$(check) ${t('Use this model')}`,
    description: t('for attention, predictions and prompts'),
    run: () => use(folder),
  });
  const reveal = (folder: string): ActionItem => ({
    label: `$(folder-opened) ${t('Show its folder')}`,
    description: folder,
    run: () => revealFolder(folder),
  });
  switch (owned.kind) {
    case 'cached':
      return [useIt(owned.folder), reveal(owned.folder)];
    case 'paused':
      return [
        {
          label: `$(debug-continue) ${t('Continue')}`,
          run: async () => use(await downloads.resume(owned.plan)),
        },
        {
          label: `$(trash) ${t('Discard')}`,
          description: amountOf(owned.plan.bytes),
          run: () => access.store().discard(owned.plan),
        },
      ];
    case 'stored': {
      const { folder, id, bytes } = owned.model;
      return [
        useIt(folder),
        {
          label: `$(verified) ${t('Check its files')}`,
          run: () => checkFiles(owned.model.id, owned.model.folder, owned.model.files),
        },
        {
          label: `$(cloud-download) ${t('Download other weights…')}`,
          run: async () => use(await downloads.bring({ id, revision: 'main' })),
        },
        reveal(folder),
        {
          label: `$(trash) ${t('Delete')}`,
          description: t('frees {0}', amountOf(bytes)),
          run: async () => {
            await access.store().remove(folder);
            if (models.isInUse(folder)) {
              await models.stopUsing(folder);
              await services.used();
            }
          },
        },
      ];
    }
  }
}
