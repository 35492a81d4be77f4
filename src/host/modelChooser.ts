import * as vscode from 'vscode';
import type { readCatalogue } from '../hub/catalogue';
import type { FolderProblem } from '../hub/checkFolder';
import { cachedModel, type CachedModel, cachedModels, damagedFiles } from '../hub/hubCache';
import { isModelId, type ModelId, parseModelId } from '../hub/modelId';
import { isScopeError, ScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import { errorText } from './errorText';
import { textOf } from './fileText';
import type { HubAccess } from './hubAccess';
import { commandIds } from './ids';
import type { ModelDownloads } from './modelDownloads';
import type { ModelChoice, ModelItem } from './modelItems';
import type { Models, Reads } from './models';
import { type MessageAction, notifyFailure } from './notify';

/** Lets the person pick a model, wherever it is, and gets it where it is not here. */
export class ModelChooser {
  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly models: Models,
    private readonly access: HubAccess,
    private readonly downloads: ModelDownloads,
    private readonly log: vscode.LogOutputChannel,
    /** Shows what is on the screen by the model that is in use now. */
    private readonly used: () => Promise<void>,
  ) {}

  /** Picks the model in use; resolves to whether the setting was changed. */
  async choose(): Promise<boolean> {
    const picked = await this.ask(vscode.l10n.t('Model to inspect'));
    if (picked) {
      await this.models.use(picked);
    }
    return picked !== undefined;
  }

  /** Picks a model so that it is on this machine; the setting stays. */
  have(): Promise<ModelSource | undefined> {
    return this.ask(vscode.l10n.t('Model to put on this machine'));
  }

  /** Picks a model for one thing only, at first to compare with; the setting stays. */
  pick(reads: Reads, title = vscode.l10n.t('Model to compare with')): Promise<ModelSource | undefined> {
    return this.ask(title, reads);
  }

  /** Asks for a folder on disk, and looks whether it holds a model. */
  async pickFolder(): Promise<ModelSource | undefined> {
    return this.telling(() => this.openFolder());
  }

  /**
   * A model by its name: from this machine where it is here, else from the hub after asking.
   * @returns undefined when the person has stepped back or paused, or when a failure was told
   */
  obtain(asked: ModelId): Promise<ModelSource | undefined> {
    return this.telling(() => this.byName(asked), asked);
  }

  private async ask(title: string, reads?: Reads): Promise<ModelSource | undefined> {
    const store = this.access.store();
    const [bundled, stored, paused, cached, catalogue] = await Promise.all([
      this.models.bundledReading(reads),
      store.models(),
      store.paused(),
      cachedModels(this.access.cacheFolder),
      this.catalogue(),
    ]);
    const inUse = [this.models.setting('text'), this.models.setting('picture')];
    const { modelItems } = await import('./modelItems');
    const items = modelItems({ bundled, stored, paused, cached, catalogue, inUse, host: this.access.host });
    const picked = await vscode.window.showQuickPick<ModelItem>(items, {
      title,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return picked?.choice && this.follow(picked.choice);
  }

  private follow(choice: ModelChoice): Promise<ModelSource | undefined> {
    switch (choice.kind) {
      case 'bundled':
        return Promise.resolve(this.models.bundledSource(choice.id));
      case 'folder':
        return Promise.resolve(this.models.sourceOf(choice.folder));
      case 'cached':
        return this.telling(() => this.fromCache(choice.model));
      case 'paused':
        return this.telling(async () => this.named(await this.downloads.resume(choice.plan)), {
          id: choice.plan.id,
          revision: choice.plan.commit,
        });
      case 'hub':
        return this.obtain({ id: choice.id, revision: 'main' });
      case 'search':
        return this.search('');
      case 'enter':
        return this.enter();
      case 'open':
        return this.pickFolder();
    }
  }

  private async search(words: string): Promise<ModelSource | undefined> {
    const { searchHub } = await import('./modelSearch');
    const id = await searchHub(this.access, words);
    return id === undefined ? undefined : this.obtain({ id, revision: 'main' });
  }

  private async enter(): Promise<ModelSource | undefined> {
    const typed = await vscode.window.showInputBox({
      title: vscode.l10n.t('Model on {0}', this.access.host),
      prompt: vscode.l10n.t('owner/name, or the address of a model’s page'),
      placeHolder: 'Xenova/bert-base-uncased',
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? undefined : complaint(text)),
    });
    return typed === undefined || typed.trim() === '' ? undefined : this.obtain(parseModelId(typed));
  }

  private async byName(asked: ModelId): Promise<ModelSource | undefined> {
    // Another version than the usual one has to be asked for.
    if (asked.revision === 'main') {
      const stored = (await this.access.store().models()).find(({ id }) => id === asked.id);
      if (stored) {
        return this.models.sourceOf(stored.folder);
      }
      const cached = await cachedModel(this.access.cacheFolder, asked.id);
      if (cached) {
        return this.fromCache(cached);
      }
    }
    return this.named(await this.downloads.bring(asked));
  }

  /** A model of the cache is used where it lies, after a look whether it is still what it was. */
  private async fromCache(model: CachedModel): Promise<ModelSource | undefined> {
    const options = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Checking…') };
    const damaged = await vscode.window.withProgress(options, () => damagedFiles(model));
    if (damaged.length > 0) {
      throw new ScopeError('modelIncomplete', `${model.folder}: ${damaged.join(', ')}`);
    }
    return this.models.sourceOf(model.folder);
  }

  private async openFolder(): Promise<ModelSource | undefined> {
    const picked = await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: vscode.l10n.t('A folder on disk…'),
      openLabel: vscode.l10n.t('Use This Model'),
    });
    const folder = picked?.[0]?.fsPath;
    if (folder === undefined) {
      return undefined;
    }
    const { checkFolder } = await import('../hub/checkFolder');
    const { problems } = await checkFolder(folder);
    if (problems.length > 0) {
      throw new ScopeError('modelIncomplete', problems.map(describeProblem).join('; '));
    }
    return this.models.sourceOf(folder);
  }

  private named(folder: string | undefined): ModelSource | undefined {
    return folder === undefined ? undefined : this.models.sourceOf(folder);
  }

  /** Failures are told here, where it is known what can be done about them. */
  private async telling(
    task: () => Promise<ModelSource | undefined>,
    asked?: ModelId,
  ): Promise<ModelSource | undefined> {
    try {
      return await task();
    } catch (error) {
      notifyFailure(error, this.log, ...(asked ? this.remedies(error, asked) : []));
      return undefined;
    }
  }

  private remedies(error: unknown, { id }: ModelId): MessageAction[] {
    const { t } = vscode.l10n;
    const command = (label: string, name: string): MessageAction => ({
      label,
      run: () => vscode.commands.executeCommand(name),
    });
    const setToken = command(t('Set Token…'), commandIds.setHubToken);
    const is = (...codes: Parameters<typeof isScopeError>[1][]): boolean =>
      codes.some((code) => isScopeError(error, code));
    if (is('hubGated')) {
      const run = async (): Promise<void> => {
        await vscode.env.openExternal(vscode.Uri.parse((await this.access.hub()).page(id)));
      };
      return [{ label: t('Open Model Page'), run }, setToken];
    }
    if (is('hubNeedsToken', 'hubBusy')) {
      return [setToken];
    }
    if (is('hubNoGraphs', 'hubNotFound')) {
      const words = id.split('/').at(-1) ?? id;
      const run = async (): Promise<void> => {
        const found = await this.search(words);
        if (found) {
          await this.models.use(found);
          await this.used();
        }
      };
      return [{ label: t('Search the Hub…'), run }];
    }
    return is('diskFull') ? [command(t('Manage Models…'), commandIds.manageModels)] : [];
  }

  private async catalogue(): Promise<ReturnType<typeof readCatalogue>> {
    const uri = vscode.Uri.joinPath(this.extensionUri, 'media', 'catalogue.json');
    const { readCatalogue } = await import('../hub/catalogue');
    return readCatalogue(await textOf(uri));
  }
}

function complaint(text: string): string | undefined {
  try {
    return isModelId(parseModelId(text).id) ? undefined : '';
  } catch (error) {
    return errorText(error as ScopeError).message;
  }
}

function describeProblem({ path, kind }: FolderProblem): string {
  const { t } = vscode.l10n;
  switch (kind) {
    case 'missing':
      return t('{0} is missing', path);
    case 'empty':
      return t('{0} is empty', path);
    case 'notJson':
      return t('{0} is not JSON', path);
    case 'lfs':
      return t('{0} is a Git LFS pointer, not the file itself', path);
    case 'html':
      return t('{0} is an HTML page, not the file itself', path);
    case 'truncated':
      return t('{0} is cut off', path);
  }
}
