import * as vscode from 'vscode';
import type { ShownTokens } from '../../src/host/showTokens';
import type { WrittenWords } from '../../src/host/predictMasks';
import { compareParts } from '../../src/protocol/compare';
import type { AttentionView } from '../../src/protocol/attentionPage';
import type { WebExtensionApi } from '../../src/web/extension';
import bert from '../fixtures/scopeBert/golden.json';
import clip from '../fixtures/scopeClip/golden.json';
import words from '../fixtures/words/expected.json';
import { seenFile } from '../run/webResult';
import { equal, ok, until } from './assert';

/** Does what the user does, in a VS Code that has no Node: as on vscode.dev. */

const extensionId = 'transformer-scope.transformer-scope';
const run = <T>(name: string, ...rest: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`transformerScope.${name}`, ...rest);

async function activated(): Promise<WebExtensionApi> {
  const extension = vscode.extensions.getExtension<WebExtensionApi>(extensionId);
  ok(extension, 'the extension is installed');
  return extension.activate();
}

async function select(text: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' });
  const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  const end = document.positionAt(text.length);
  editor.selection = new vscode.Selection(new vscode.Position(0, 0), end);
  return editor;
}

function ready(api: WebExtensionApi): AttentionView {
  const state = api.attentionState();
  ok(state.kind === 'ready', JSON.stringify(state).slice(0, 300));
  return state.view;
}

/** By what they show. */
export const tests: Readonly<Record<string, () => Promise<void>>> = {
  'shows the attention of a selected text, equal to PyTorch': async () => {
    ok(typeof process === 'undefined', 'there is no Node here');
    const golden = bert[0]!;
    await select(golden.text);
    const api = await activated();
    await run('visualizeAttention');
    const view = ready(api);
    equal(
      view.tokens.map(({ piece }) => piece),
      golden.tokens,
    );
    const [numLayers, numHeads, n] = golden.attentions.dims as [number, number, number, number];
    equal([view.model.numLayers, view.model.numHeads, view.model.runtime], [numLayers, numHeads, 'wasm']);
    const expected = floats(golden.attentions.data);
    let worst = 0;
    for (let layer = 0; layer < numLayers; layer++) {
      for (let head = 0; head < numHeads; head++) {
        const weights = new Float32Array(await api.attentionHead({ runId: view.runId, layer, head }));
        equal(weights.length, n * n);
        const from = (layer * numHeads + head) * n * n;
        weights.forEach((weight, index) => {
          worst = Math.max(worst, Math.abs(weight - expected[from + index]!));
        });
      }
    }
    ok(worst < 1e-4, `${worst} away from PyTorch`);
    // The page on the screen has asked for what it draws.
    await until('the page', () => api.headOnScreen());
  },

  'shows what a generator reads, with its mask, and what it expects next': async () => {
    const api = await activated();
    const text = 'Once upon a time there was a little cat.';
    await select(text);
    const settings = vscode.workspace.getConfiguration('transformerScope');
    await settings.update('model', 'scope-gpt', vscode.ConfigurationTarget.Global);
    try {
      await run('visualizeAttention');
      const { runId, tokens, model } = ready(api);
      equal(model.id, 'scope-gpt');
      equal(tokens.map((token) => token.text).join(''), text);
      const n = tokens.length;
      const weights = new Float32Array(await api.attentionHead({ runId, layer: 1, head: 0 }));
      for (let query = 0; query < n; query++) {
        const row = weights.subarray(query * n, (query + 1) * n);
        ok(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-4, `row ${query} sums to 1`);
        ok(
          row.subarray(query + 1).every((weight) => weight < 1e-6),
          `row ${query} does not look ahead`,
        );
      }
    } finally {
      await settings.update('model', undefined, vscode.ConfigurationTarget.Global);
    }
  },

  'divides a text into tokens, and colours it by surprisal': async () => {
    const api = await activated();
    for (const { model, text, ids } of words.tokens.filter((each) => each.model === 'scope-bert')) {
      await select(text);
      const shown = await run<ShownTokens>('showTokens');
      equal(shown.model, model);
      const content = shown.texts[0]?.tokens.filter(({ special }) => !special) ?? [];
      equal(
        content.map(({ id }) => id),
        ids,
      );
    }
    const editor = await select('The cat sat on the mat and looked at the moon.');
    await run('showSurprisal');
    const overlay = api.overlay();
    ok(overlay?.uri === editor.document.uri.toString(), 'it is drawn over the text');
    ok(overlay.marks.length > 5, 'every word is marked');
    await run('clearMarks');
  },

  'fills the masks of a selection, equal to PyTorch': async () => {
    const { text, filled, words: expected } = words.filled[0]!;
    const editor = await select(text);
    let done = false;
    const deadline = Date.now() + 20_000;
    const running = run<WrittenWords | undefined>('predictMasks').then((written) => {
      done = true;
      return written;
    });
    while (!done) {
      ok(Date.now() < deadline, 'the list of words did not end');
      await new Promise((resolve) => setTimeout(resolve, 100));
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    const written = await running;
    equal(editor.document.getText(), filled);
    equal(
      written?.words,
      expected.map(({ word }) => word),
    );
  },

  'shows the attention of a picture that the browser decoded, equal to PyTorch': async () => {
    const api = await activated();
    const folder = vscode.workspace.workspaceFolders?.[0];
    ok(folder, 'a folder is open');
    const settings = vscode.workspace.getConfiguration('transformerScope');
    await settings.update('precision', 'fp32', vscode.ConfigurationTarget.Global);
    try {
      await run('unloadModels');
      await run('visualizeImage', vscode.Uri.joinPath(folder.uri, 'images', clip.pictures[0]!));
      const { runId } = ready(api);
      const [numLayers, numHeads, numRows, n] = clip.imageAttention.dims as [number, number, number, number];
      const expected = floats(clip.imageAttention.data);
      let worst = 0;
      for (let layer = 0; layer < numLayers; layer++) {
        for (let head = 0; head < numHeads; head++) {
          const weights = new Float32Array(await api.attentionHead({ runId, layer, head }));
          clip.attentionRows.forEach((query, row) => {
            const from = ((layer * numHeads + head) * numRows + row) * n;
            for (let key = 0; key < n; key++) {
              worst = Math.max(worst, Math.abs(weights[query * n + key]! - expected[from + key]!));
            }
          });
        }
      }
      ok(worst < 1e-4, `${worst} away from PyTorch`);
    } finally {
      await settings.update('precision', undefined, vscode.ConfigurationTarget.Global);
      await run('unloadModels');
    }
  },

  'compares two models, and asks in several ways': async () => {
    const api = await activated();
    await select('The cat sat.');
    await run('compareModels');
    const { parts } = api.comparison.snapshot();
    for (const part of compareParts) {
      equal(parts[part].state, 'done', part);
    }
    await select('Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?');
    await run('tryPromptStrategies');
    const { results } = await until(
      'six answers',
      () => {
        const now = api.prompts.snapshot();
        return now.progress.state === 'idle' && now.results.length >= 6 ? now : undefined;
      },
      60_000,
    );
    equal(results.find(({ strategy }) => strategy === 'zero-shot+reasoning')?.answer, '9');
  },

  'trains a tiny model in a worker of its own': async () => {
    const api = await activated();
    await run('trainTinyModel');
    const session = await until('the page', () => api.training.current);
    await until('its run', () => (session.progress ? true : undefined));
    await session.do('start');
    await until('step 20', () => ((session.progress?.step ?? 0) >= 20 ? true : undefined));
    await session.do('pause');
  },

  'says of the rest that it works on the desktop only': async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    ok(folder, 'a folder is open');
    equal(await run('manageModels'), undefined);
    // While tests run, VS Code lets no message pop up.
    await vscode.commands.executeCommand('notifications.showList');
    const seen = vscode.Uri.joinPath(folder.uri, seenFile);
    await until('the message on the screen', async () => {
      try {
        return await vscode.workspace.fs.stat(seen);
      } catch {
        return undefined;
      }
    });
  },
};

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer);
}
