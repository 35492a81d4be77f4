import * as vscode from 'vscode';
import { toScopeError } from '../protocol/errors';
import { errorText } from './errorText';
import type { HubAccess } from './hubAccess';

interface FoundItem extends vscode.QuickPickItem {
  readonly id?: string;
}

const mostFound = 30;
/** Nobody wants an answer for every letter. */
const typingPause = 300;

/** Searches the hub while the person types. @returns the picked model's id */
export async function searchHub(access: HubAccess, words = ''): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<FoundItem>();
  picker.title = vscode.l10n.t('Search {0}', access.host);
  picker.placeholder = vscode.l10n.t(
    'Part of the name, e.g. bert-base; only models with ONNX files are found',
  );
  picker.ignoreFocusOut = true;
  let asking: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;

  const ask = async (typed: string): Promise<void> => {
    const controller = new AbortController();
    asking = controller;
    picker.busy = true;
    let items: FoundItem[];
    try {
      items = await find(access, typed, controller.signal);
    } catch (error) {
      const { message, detail } = errorText(toScopeError(error));
      items = [{ label: `$(error) ${message}`, detail: detail ?? '', alwaysShow: true }];
    }
    if (asking === controller) {
      picker.items = items;
      picker.busy = false;
    }
  };
  const typed = (text: string): void => {
    clearTimeout(timer);
    asking?.abort();
    asking = undefined;
    picker.busy = false;
    if (text.trim() === '') {
      picker.items = [];
      return;
    }
    timer = setTimeout(() => void ask(text.trim()), typingPause);
  };

  picker.onDidChangeValue(typed);
  picker.value = words;
  typed(words);
  picker.show();
  try {
    return await new Promise<string | undefined>((resolve) => {
      picker.onDidAccept(() => {
        const id = picker.selectedItems[0]?.id;
        // Enter on a failure, or before there is anything to take, must not close the list.
        if (id !== undefined) {
          resolve(id);
        }
      });
      picker.onDidHide(() => resolve(undefined));
    });
  } finally {
    clearTimeout(timer);
    asking?.abort();
    picker.dispose();
  }
}

async function find(access: HubAccess, words: string, signal: AbortSignal): Promise<FoundItem[]> {
  const found = await (await access.hub()).search(words, mostFound, signal);
  if (found.length === 0) {
    const label = vscode.l10n.t('No model with ONNX files has “{0}” in its name. Try fewer words.', words);
    return [{ label, alwaysShow: true }];
  }
  const downloads = new Intl.NumberFormat(vscode.env.language, { notation: 'compact' });
  return found.map((model): FoundItem => ({
    label: model.isGated ? `$(lock) ${model.id}` : model.id,
    description: [model.task, vscode.l10n.t('{0} downloads', downloads.format(model.downloads))]
      .filter((part) => part !== undefined)
      .join(' · '),
    // The hub's own idea of what fits counts.
    alwaysShow: true,
    id: model.id,
  }));
}
