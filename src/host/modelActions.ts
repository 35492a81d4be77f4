import * as vscode from 'vscode';
import { LoadModel, UnloadModel } from '../protocol/loadedModels';
import type { InferenceClient } from '../worker/client';
import { amountOf } from './amounts';
import type { HubAccess } from './hubAccess';
import { commandIds } from './ids';
import type { InferenceActivity } from './inferenceActivity';
import type { ModelRow } from './modelRows';
import { type ModelUse, type ModelUses, useName } from './modelUses';
import { notify } from './notify';
import { slowly } from './slowly';

/** Names the sidebar to the inference process. */
const owner = 'sidebar';

/** What can be done with a model of the list. */
export class ModelActions {
  constructor(
    private readonly client: InferenceClient,
    private readonly activity: InferenceActivity,
    private readonly uses: ModelUses,
    private readonly access: HubAccess,
    /** The model for texts or pictures is another one now. */
    private readonly used: () => Promise<void>,
  ) {}

  /** Asks for what the model is to be used, and sets it; what it is used for already is given up. */
  async useFor({ source, uses }: ModelRow): Promise<void> {
    const possible = await this.uses.possible(source);
    const items = possible.map((use) => ({
      label: `${uses.includes(use) ? '$(check)' : '$(blank)'} ${useName(use)}`,
      detail: useDetail(use),
      use,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Use {0} for…', source.id),
      placeHolder: vscode.l10n.t('A check mark shows what it is used for; pick it again to clear it'),
      matchOnDetail: true,
    });
    if (!picked) {
      return;
    }
    const { use } = picked;
    await (uses.includes(use) ? this.uses.end(use, source) : this.uses.begin(use, source));
    if (use === 'attention' || use === 'pictures') {
      await this.used();
    }
  }

  /** Loads what the attention panel needs of it. */
  async load({ source }: ModelRow): Promise<void> {
    const title = vscode.l10n.t('Loading {0}', source.id);
    const memory = await slowly(title, (token) =>
      this.client.request(LoadModel, { model: source, owner }, token),
    );
    this.activity.learn(memory);
  }

  /** Releases it, and says what becomes of the memory. */
  async unload({ source }: ModelRow): Promise<void> {
    const { t } = vscode.l10n;
    const before = this.activity.memory?.residentBytes;
    const title = t('Unloading {0}', source.id);
    const memory = await slowly(title, () => this.client.askRunning(UnloadModel, { folder: source.folder }));
    if (!memory) {
      return;
    }
    this.activity.learn(memory);
    const freed = before === undefined ? 0 : before - memory.residentBytes;
    const takes = amountOf(memory.residentBytes);
    const message =
      memory.runtime === 'wasm'
        ? t(
            '{0} was unloaded. WASM gives no memory back until the inference process ends; it takes {1}.',
            source.id,
            takes,
          )
        : freed > 1e6
          ? t(
              '{0} was unloaded: {1} was freed, the inference process takes {2}.',
              source.id,
              amountOf(freed),
              takes,
            )
          : t(
              '{0} was unloaded. The inference process still takes {1}: what it freed is kept for the next model.',
              source.id,
              takes,
            );
    notify(message, {
      label: t('End the Process'),
      run: () => vscode.commands.executeCommand(commandIds.unloadModels),
    });
  }

  /** The card in the folder, else the one on the hub. */
  async openCard({ source, origin, hasCard }: ModelRow): Promise<void> {
    if (hasCard) {
      const card = vscode.Uri.joinPath(vscode.Uri.file(source.folder), 'README.md');
      await vscode.commands.executeCommand('markdown.showPreview', card);
    } else if ('model' in origin) {
      await vscode.env.openExternal(vscode.Uri.parse((await this.access.hub()).page(origin.model.id)));
    }
  }

  /** Deletes a downloaded model, once the person has said so again. */
  async remove(row: ModelRow): Promise<void> {
    const { source, origin } = row;
    if (origin.from !== 'hub') {
      return;
    }
    const { t } = vscode.l10n;
    const remove = {
      label: `$(trash) ${t('Delete {0}', source.id)}`,
      description: t('frees {0}', amountOf(origin.model.bytes)),
      detail: source.folder,
    };
    const keep = { label: `$(close) ${t('Keep it')}` };
    const picked = await vscode.window.showQuickPick([remove, keep], {
      title: t('Delete this model from the disk?'),
    });
    if (picked !== remove) {
      return;
    }
    await this.client.askRunning(UnloadModel, { folder: source.folder });
    await this.access.store().remove(source.folder);
    await this.uses.forget(source);
    if (row.uses.includes('attention') || row.uses.includes('pictures')) {
      await this.used();
    }
  }
}

function useDetail(use: ModelUse): string {
  const { t } = vscode.l10n;
  switch (use) {
    case 'attention':
      return t('Inspects texts and predicts words');
    case 'masks':
      return t('Fills blanks from both sides');
    case 'generation':
      return t('Continues a text');
    case 'sentiment':
      return t('Judges a text');
    case 'nextSentence':
      return t('Says whether one sentence follows another');
    case 'pictures':
      return t('Inspects pictures');
  }
}
