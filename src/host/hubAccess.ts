import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { Hub } from '../hub/hub';
import { hubCacheFolder } from '../hub/hubCache';
import { ModelStore } from '../hub/modelStore';
import { settingKeys, settingsSection } from './ids';
import { notify } from './notify';

const tokenKey = 'huggingFaceToken';

/** How the settings say that models are reached: from which hub, with whose token, and where they are kept. */
export class HubAccess {
  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly storage: vscode.Uri,
  ) {}

  /** @throws {HubError} when the setting is no address */
  hub(): Hub {
    return new Hub({
      endpoint: setting(settingKeys.hubEndpoint) || 'https://huggingface.co',
      // VS Code puts its proxy and its certificates into the host's fetch.
      fetch: (url, init) => fetch(url, init),
      token: async () => (await this.secrets.get(tokenKey)) ?? undefined,
    });
  }

  /** Where downloads come from, as people call it. */
  get host(): string {
    const endpoint = setting(settingKeys.hubEndpoint) || 'https://huggingface.co';
    return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
  }

  store(): ModelStore {
    return new ModelStore(
      setting(settingKeys.downloadFolder) || vscode.Uri.joinPath(this.storage, 'models').fsPath,
    );
  }

  /** Hugging Face's own cache on this machine. */
  get cacheFolder(): string {
    return hubCacheFolder(process.env, homedir());
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

function setting(key: string): string {
  return vscode.workspace.getConfiguration(settingsSection).get<string>(key, '').trim();
}
