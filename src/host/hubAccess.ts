import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Hub } from '../hub/hub';
import { hubCacheFolder } from '../hub/hubCache';
import { ModelStore } from '../hub/modelStore';
import { notify } from './notify';
import { settingDefaults } from './settingDefaults';
import { setting } from './settings';

const tokenKey = 'huggingFaceToken';

/** How the settings say that models are reached: from which hub, with whose token, and where they are kept. */
export class HubAccess {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly storage: vscode.Uri,
  ) {}

  /** Loaded with the first question to it. @throws {HubError} when the setting is no address */
  async hub(): Promise<Hub> {
    const { Hub } = await import('../hub/hub');
    return new Hub({
      endpoint: this.endpoint,
      // VS Code puts its proxy and its certificates into the host's fetch.
      fetch: (url, init) => fetch(url, init),
      token: async () => (await this.secrets.get(tokenKey)) ?? undefined,
    });
  }

  /** Where downloads come from, as people call it. */
  get host(): string {
    const { endpoint } = this;
    return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
  }

  store(): ModelStore {
    return new ModelStore(
      setting('downloadFolder').trim() || vscode.Uri.joinPath(this.storage, 'models').fsPath,
    );
  }

  /** Hugging Face's own cache on this machine. */
  get cacheFolder(): string {
    return hubCacheFolder(process.env, homedir());
  }

  private get endpoint(): string {
    return setting('hubEndpoint').trim() || settingDefaults.hubEndpoint;
  }

  /** Asks for the token; an empty one is forgotten. It lies in the system's keyring and goes to the hub alone. */
  async askForToken(): Promise<void> {
    const token = await vscode.window.showInputBox({
      title: vscode.l10n.t('Hugging Face Token'),
      prompt: vscode.l10n.t(
        'It is kept in VS Code’s secret storage and sent only to {0}. Leave it empty to remove the token.',
        this.host,
      ),
      placeHolder: 'hf_…',
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[\x21-\x7e]*$/.test(text.trim()) ? undefined : vscode.l10n.t('A token contains no spaces.'),
    });
    if (token === undefined) {
      return;
    }
    if (token.trim() === '') {
      await this.secrets.delete(tokenKey);
      await notify(vscode.l10n.t('The Hugging Face token was removed.'));
    } else {
      await this.secrets.store(tokenKey, token.trim());
      await notify(vscode.l10n.t('The Hugging Face token was saved.'));
    }
  }
}
