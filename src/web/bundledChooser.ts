import * as vscode from 'vscode';
import { bundledItems } from '../host/modelItems';
import type { BundledModel, Models, Reads } from '../host/models';
import type { ModelSource } from '../protocol/model';
import { ScopeError } from '../protocol/errors';

/** Lets the person pick a model where only the bundled ones are. */
export class BundledChooser {
  constructor(private readonly models: Models) {}

  /** Picks the model in use; resolves to whether the setting was changed. */
  async choose(): Promise<boolean> {
    const picked = await this.ask(vscode.l10n.t('Model to inspect'), await this.models.bundledReading());
    if (picked) {
      await this.models.use(picked);
    }
    return picked !== undefined;
  }

  /** Picks a model for one thing only, at first to compare with; the setting stays. */
  async pick(reads: Reads, title = vscode.l10n.t('Model to compare with')): Promise<ModelSource | undefined> {
    return this.ask(title, await this.models.bundledReading(reads));
  }

  /** @throws {ScopeError} `desktopOnly`: no folder of this machine can be read */
  pickFolder(): Promise<never> {
    return Promise.reject(new ScopeError('desktopOnly'));
  }

  private async ask(title: string, bundled: readonly BundledModel[]): Promise<ModelSource | undefined> {
    const inUse = [this.models.setting('text'), this.models.setting('picture')];
    const placeHolder = vscode.l10n.t('In the browser only the bundled models are available');
    const picked = await vscode.window.showQuickPick(bundledItems({ bundled, inUse }), {
      title,
      placeHolder,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    return picked && this.models.bundledSource(picked.choice.id);
  }
}
