import * as vscode from 'vscode';
import {
  type Endpoint,
  type ServerKind,
  isEndpointId,
  isPrivate,
  serverAddress,
} from '../providers/endpoint';
import { listServerModels } from '../providers/serverModels';
import type { ModelServers } from './modelServers';
import { notify, notifyFailure } from './notify';

/** How a kind of server is usually reached. */
const usual: Readonly<Record<ServerKind, { readonly name: string; readonly url: string }>> = {
  ollama: { name: 'Ollama', url: 'http://127.0.0.1:11434/v1' },
  llamacpp: { name: 'llama.cpp', url: 'http://127.0.0.1:8080/v1' },
  vllm: { name: 'vLLM', url: 'http://127.0.0.1:8000/v1' },
  openai: { name: 'OpenAI', url: 'https://api.openai.com/v1' },
  other: { name: '', url: 'https://' },
};

/**
 * Asks for a server that speaks OpenAI's protocol, keeps it in the settings, and looks whether it answers.
 * @returns the server, or undefined when the person has stepped back
 */
export async function addModelServer(
  servers: ModelServers,
  log: vscode.LogOutputChannel,
): Promise<Endpoint | undefined> {
  const { t } = vscode.l10n;
  const title = t('Add Model Server');
  const kinds = (Object.keys(usual) as ServerKind[]).map((kind) => ({
    label: usual[kind].name || t('Another server that speaks OpenAI’s protocol'),
    description: kind === 'other' ? '' : usual[kind].url,
    detail: kind === 'vllm' ? t('Also for Ray Serve deployments; for work that outgrows one machine.') : '',
    server: kind,
  }));
  const picked = await vscode.window.showQuickPick(kinds, { title, matchOnDescription: true });
  if (!picked) {
    return undefined;
  }
  const url = await vscode.window.showInputBox({
    title,
    prompt: t('The address of its API; it usually ends in /v1.'),
    value: usual[picked.server].url,
    ignoreFocusOut: true,
    validateInput: (text) =>
      serverAddress(text) === undefined
        ? t('Enter an http or https address without a password or a query.')
        : undefined,
  });
  const address = url === undefined ? undefined : serverAddress(url);
  if (address === undefined) {
    return undefined;
  }
  const taken = servers.endpoints().map((each) => each.id);
  const id = await vscode.window.showInputBox({
    title,
    prompt: t('A name by which studies refer to it'),
    value: freeName(picked.server === 'other' ? new URL(address).hostname : picked.server, taken),
    ignoreFocusOut: true,
    validateInput: (text) =>
      !isEndpointId(text.trim())
        ? t('Use only letters, digits, full stops and hyphens.')
        : taken.includes(text.trim())
          ? t('Another server already has this name.')
          : undefined,
  });
  if (id === undefined) {
    return undefined;
  }
  await servers.add({ id: id.trim(), url: address, type: picked.server });
  const endpoint = servers.endpoints().find((each) => each.id === id.trim());
  if (!endpoint) {
    return undefined;
  }
  if (picked.server === 'openai' || picked.server === 'other') {
    await askForKey(servers, endpoint);
  }
  await lookAt(servers, endpoint, log);
  return endpoint;
}

/** Asks for a server's key, and which server where there are several; an empty key is forgotten. */
export async function setModelServerKey(servers: ModelServers, log: vscode.LogOutputChannel): Promise<void> {
  const endpoint = await pickServer(servers, vscode.l10n.t('Server whose key is set'), log);
  if (endpoint) {
    await askForKey(servers, endpoint);
  }
}

/** Forgets a server with its key. */
export async function removeModelServer(servers: ModelServers, log: vscode.LogOutputChannel): Promise<void> {
  const endpoint = await pickServer(servers, vscode.l10n.t('Server to remove'), log);
  if (endpoint) {
    await servers.remove(endpoint);
    notify(vscode.l10n.t('{0} and its key were removed.', endpoint.id));
  }
}

async function pickServer(
  servers: ModelServers,
  title: string,
  log: vscode.LogOutputChannel,
): Promise<Endpoint | undefined> {
  const all = servers.endpoints();
  if (all.length === 0) {
    const add = vscode.l10n.t('Add Model Server…');
    notify(vscode.l10n.t('No model server has been set up yet.'), {
      label: add,
      run: () => addModelServer(servers, log),
    });
    return undefined;
  }
  const items = all.map((endpoint) => ({ label: endpoint.id, description: endpoint.url, endpoint }));
  return (await vscode.window.showQuickPick(items, { title }))?.endpoint;
}

async function askForKey(servers: ModelServers, endpoint: Endpoint): Promise<void> {
  const { t } = vscode.l10n;
  const { host } = new URL(endpoint.url);
  const key = await vscode.window.showInputBox({
    title: t('Key for {0}', endpoint.id),
    prompt: isPrivate(endpoint.url)
      ? t(
          'It is kept in VS Code’s secret storage and sent only to {0}. Leave it empty to remove the key.',
          host,
        )
      : t('The address of {0} is not encrypted (http): a key is kept, but not sent there.', host),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[\x21-\x7e]*$/.test(text.trim()) ? undefined : t('A key contains no spaces.'),
  });
  if (key === undefined) {
    return;
  }
  await servers.setKey(endpoint, key.trim());
  notify(key.trim() === '' ? t('There is no key for {0}.', host) : t('The key for {0} was saved.', host));
}

/** No text is sent for this: it asks for the list of models. */
async function lookAt(
  servers: ModelServers,
  endpoint: Endpoint,
  log: vscode.LogOutputChannel,
): Promise<void> {
  const { t } = vscode.l10n;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Asking {0} for its models…', endpoint.id),
    cancellable: true,
  };
  try {
    const names = await vscode.window.withProgress(options, (_, token) => modelsOf(servers, endpoint, token));
    notify(t('{0} offers {1} models. Add them to a study with “Add model…”.', endpoint.id, names.length));
  } catch (error) {
    notifyFailure(error, log);
  }
}

/** The models that a server offers. @throws {ScopeError} why it does not tell */
export async function modelsOf(
  servers: ModelServers,
  endpoint: Endpoint,
  token: vscode.CancellationToken,
): Promise<string[]> {
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  try {
    const key = await servers.key(endpoint);
    const patient = { ...endpoint, timeoutSeconds: Math.min(endpoint.timeoutSeconds, 15) };
    const link = { fetch: (url: string, init: RequestInit) => fetch(url, init), signal: controller.signal };
    return await listServerModels(patient, { ...link, key });
  } finally {
    subscription.dispose();
  }
}

function freeName(wanted: string, taken: readonly string[]): string {
  const base = wanted.replace(/[^\w.-]/g, '-').slice(0, 60) || 'server';
  let name = base;
  for (let count = 2; taken.includes(name); count++) {
    name = `${base}-${count}`;
  }
  return name;
}
