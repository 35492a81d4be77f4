import * as vscode from 'vscode';
import { servedId } from '../protocol/abilities';
import { toScopeError } from '../protocol/errors';
import type { ModelSource } from '../protocol/model';
import type { AskedModel } from '../protocol/prompts';
import type { Endpoint } from '../providers/endpoint';
import { errorText } from './errorText';
import { addModelServer, modelsOf } from './manageServers';
import type { ModelServers } from './modelServers';

interface Choice extends vscode.QuickPickItem {
  readonly choose?: () => Promise<AskedModel | undefined>;
}

export interface AddModelServices {
  readonly servers: ModelServers;
  readonly log: vscode.LogOutputChannel;
  /** Models of this computer that continue a prompt. */
  readonly local: readonly ModelSource[];
  pickFolder(): Promise<ModelSource | undefined>;
}

/**
 * Lets the person pick a further model for a study: of this computer, of a server, or of the editor. Servers are
 * asked for their models while the list is open; for one that texts may not be sent to yet, leave is asked for.
 */
export async function addStudyModel(
  services: AddModelServices,
  taken: readonly AskedModel[],
  title = vscode.l10n.t('Model to add'),
): Promise<AskedModel | undefined> {
  const { t } = vscode.l10n;
  const source = new vscode.CancellationTokenSource();
  const pick = vscode.window.createQuickPick<Choice>();
  pick.title = title;
  pick.placeholder = t('Models on this computer, on servers, and from the editor');
  pick.matchOnDescription = true;
  const parts: Choice[][] = [localChoices(services, taken)];
  const show = (): void => {
    if (!source.token.isCancellationRequested) {
      // Items that come later must not move what is under the keyboard.
      const [active] = pick.activeItems;
      pick.items = parts.flat();
      const still = pick.items.find(({ label }) => label === active?.label);
      if (still) {
        pick.activeItems = [still];
      }
    }
  };
  const endpoints = services.servers.endpoints();
  const lists = [
    ...endpoints.map((endpoint) => serverChoices(services, endpoint, taken, source.token)),
    editorChoices(services.servers, taken),
  ];
  const adding = {
    label: `$(add) ${t('Add Model Server…')}`,
    choose: () => addServer(services, taken),
  };
  lists.forEach((list, index) => {
    parts[index + 1] = [];
    void list.then((choices) => {
      parts[index + 1] = choices;
      show();
    });
  });
  parts[lists.length + 1] = [separator(''), adding];
  pick.busy = true;
  void Promise.allSettled(lists).then(() => {
    if (!source.token.isCancellationRequested) {
      pick.busy = false;
    }
  });
  show();
  try {
    const choice = await new Promise<Choice | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0] ?? pick.activeItems[0]));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    source.cancel();
    pick.hide();
    return await choice?.choose?.();
  } finally {
    source.dispose();
    pick.dispose();
  }
}

function localChoices({ local, pickFolder }: AddModelServices, taken: readonly AskedModel[]): Choice[] {
  const { t } = vscode.l10n;
  return [
    separator(t('This computer')),
    ...local
      .filter(({ id }) => isFree(id, taken))
      .map((model): Choice => ({ label: model.id, choose: () => Promise.resolve(model) })),
    { label: `$(folder-opened) ${t('A folder on disk…')}`, choose: pickFolder },
  ];
}

async function serverChoices(
  { servers }: AddModelServices,
  endpoint: Endpoint,
  taken: readonly AskedModel[],
  token: vscode.CancellationToken,
): Promise<Choice[]> {
  const { host } = new URL(endpoint.url);
  const head = separator(`${endpoint.id} · ${host}`);
  try {
    const names = await modelsOf(servers, endpoint, token);
    const choices = names.map((model): Choice => ({
      label: model,
      description: host,
      choose: () => served(servers, endpoint, model, taken),
    }));
    return choices.length > 0
      ? [head, ...choices]
      : [head, { label: `$(info) ${vscode.l10n.t('It offers no models.')}` }];
  } catch (error) {
    const { message, detail } = errorText(toScopeError(error));
    return [head, { label: `$(error) ${message}`, detail: detail ?? '' }];
  }
}

async function editorChoices(servers: ModelServers, taken: readonly AskedModel[]): Promise<Choice[]> {
  const { t } = vscode.l10n;
  const editor = servers.editor();
  const head = separator(t('The editor’s models'));
  const none: Choice = {
    label: `$(info) ${t('The editor offers no models')}`,
    detail: t('An extension such as GitHub Copilot Chat provides some; sign in there first.'),
  };
  try {
    const found = await editor.list();
    const choices = found.map(({ model, name }): Choice => ({
      label: name,
      description: model,
      choose: async () =>
        isFree(model, taken) && (await editor.allowed(model))
          ? { id: model, provider: 'editor', model }
          : undefined,
    }));
    return [head, ...(choices.length > 0 ? choices : [none])];
  } catch {
    return [head, none];
  }
}

/** Whether a model chats or continues texts is not in a server's list, so the person says it. */
async function served(
  servers: ModelServers,
  endpoint: Endpoint,
  model: string,
  taken: readonly AskedModel[],
): Promise<AskedModel | undefined> {
  const { t } = vscode.l10n;
  const ways = [
    {
      label: `$(comment-discussion) ${t('As a conversation')}`,
      detail: t('For chat models; the server uses the model’s own template.'),
      api: 'chat' as const,
    },
    {
      label: `$(edit) ${t('As a text to continue')}`,
      detail: t('For base models; the study’s template is sent as is.'),
      api: 'completions' as const,
    },
  ].filter(({ api }) => isFree(servedId(model, endpoint.id, api), taken));
  const way = await vscode.window.showQuickPick(ways, { title: t('How {0} is asked', model) });
  if (!way || !(await servers.allowed(endpoint))) {
    return undefined;
  }
  const { api } = way;
  return { id: servedId(model, endpoint.id, api), provider: 'server', endpoint: endpoint.id, model, api };
}

async function addServer(
  services: AddModelServices,
  taken: readonly AskedModel[],
): Promise<AskedModel | undefined> {
  const added = await addModelServer(services.servers, services.log);
  return added && addStudyModel(services, taken);
}

function isFree(id: string, taken: readonly AskedModel[]): boolean {
  return taken.every((model) => model.id !== id);
}

function separator(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
