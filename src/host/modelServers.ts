import * as vscode from 'vscode';
import { attempt, listOf, text } from '../protocol/shape';
import type { Elsewhere } from '../providers/allProviders';
import { EditorBridge } from '../providers/editorBridge';
import { type Endpoint, isPrivate, isThisComputer, readEndpoints } from '../providers/endpoint';
import type { ServerLink } from '../providers/serverProvider';
import { settingsSection } from './ids';
import { changeSetting, setting } from './settings';

/** Where keys and the person's leave are kept. */
export type ServerMemory = Pick<vscode.ExtensionContext, 'secrets' | 'globalState'>;

const allowedKey = 'modelServers.allowed';

/** Model servers as the settings describe them, with their keys and what the person has allowed. */
export class ModelServers {
  /** Problems of the setting that the log has. */
  private readonly told = new Set<string>();

  constructor(
    private readonly memory: ServerMemory,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  endpoints(): Endpoint[] {
    const { endpoints, problems } = readEndpoints(setting('endpoints'));
    for (const problem of problems.filter((each) => !this.told.has(each))) {
      this.told.add(problem);
      this.log.warn(`${settingsSection}.${problem}`);
    }
    return endpoints;
  }

  /** Adds a server to the settings, in place of one of the same name. */
  async add(entry: { readonly id: string; readonly url: string; readonly type: string }): Promise<void> {
    await changeSetting('endpoints', [...this.others(entry.id), entry]);
  }

  /** Forgets a server, its key, and that texts may be sent there. */
  async remove(endpoint: Endpoint): Promise<void> {
    await changeSetting('endpoints', this.others(endpoint.id));
    await this.setKey(endpoint, '');
    const left = this.allowedNames().filter((name) => name !== leaveName(endpoint));
    await this.memory.globalState.update(allowedKey, left);
  }

  async key(endpoint: Endpoint): Promise<string | undefined> {
    return (await this.memory.secrets.get(secretName(endpoint))) ?? undefined;
  }

  /** An empty key is forgotten. It goes with the server's address: another address needs it entered anew. */
  async setKey(endpoint: Endpoint, key: string): Promise<void> {
    const name = secretName(endpoint);
    await (key === '' ? this.memory.secrets.delete(name) : this.memory.secrets.store(name, key));
  }

  /** How providers reach what is not this computer's own. */
  elsewhere(): Elsewhere {
    const link: ServerLink = {
      // VS Code puts its proxy and its certificates into the host's fetch.
      fetch: (url, init) => fetch(url, init),
      key: (endpoint) => this.key(endpoint),
      allowed: (endpoint) => this.allowed(endpoint),
    };
    return { endpoints: () => this.endpoints(), link, editor: this.editor() };
  }

  /** Whether texts may be sent to a server; asks the first time. A server of this computer is asked about too. */
  allowed(endpoint: Endpoint): Promise<boolean> {
    const { host } = new URL(endpoint.url);
    const { t } = vscode.l10n;
    const detail = isThisComputer(endpoint.url)
      ? t('It is a server on this computer.')
      : isPrivate(endpoint.url)
        ? t('They leave this computer, encrypted.')
        : t('They leave this computer, not encrypted.');
    return this.askedOnce(leaveName(endpoint), host, detail);
  }

  /** The editor's own models. Besides ours there is the editor's consent, which it asks for by itself. */
  editor(): EditorBridge<vscode.LanguageModelChatMessage> {
    const { t } = vscode.l10n;
    return new EditorBridge<vscode.LanguageModelChatMessage>({
      select: async (by) => (await vscode.lm.selectChatModels(by)) as readonly VsCodeChat[],
      user: (content) => vscode.LanguageModelChatMessage.User(content),
      assistant: (content) => vscode.LanguageModelChatMessage.Assistant(content),
      codeOf: (error) => (error instanceof vscode.LanguageModelError ? error.code : undefined),
      justification: t('To answer the prompts of the study that you run.'),
      allowed: (vendor) =>
        this.askedOnce(
          `editor ${vendor}`,
          vendor,
          t('They go to the models that this extension of the editor offers.'),
        ),
    });
  }

  private async askedOnce(name: string, host: string, detail: string): Promise<boolean> {
    const allowed = this.allowedNames();
    if (allowed.includes(name)) {
      return true;
    }
    const { t } = vscode.l10n;
    const send = { label: `$(cloud-upload) ${t('Send them')}`, detail };
    const keep = { label: `$(circle-slash) ${t('Send nothing')}` };
    const picked = await vscode.window.showQuickPick([send, keep], {
      title: t('Texts of this study will be sent to {0}', host),
      placeHolder: t('You are asked once for each server.'),
      ignoreFocusOut: true,
    });
    if (picked !== send) {
      return false;
    }
    await this.memory.globalState.update(allowedKey, [...this.allowedNames(), name]);
    return true;
  }

  private allowedNames(): readonly string[] {
    return attempt(listOf(text()), this.memory.globalState.get(allowedKey)) ?? [];
  }

  private others(id: string): unknown[] {
    const all = setting('endpoints');
    return (Array.isArray(all) ? (all as unknown[]) : []).filter(
      (each) => !(typeof each === 'object' && each !== null && (each as { id?: unknown }).id === id),
    );
  }
}

type VsCodeChat = vscode.LanguageModelChat & {
  countTokens(text: string): Thenable<number>;
};

/** What was allowed for one address is not allowed for another. */
function leaveName({ id, url }: Endpoint): string {
  return `${id} ${url}`;
}

function secretName({ id, url }: Endpoint): string {
  return `modelServer ${id} ${new URL(url).origin}`;
}
