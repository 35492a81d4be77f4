import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { closeEditors, showText } from './editors';
import type { Workbench } from './workbench';
import { theExtension, theWorkbench } from './extension';

/** One number of the bundled models, and the code behind it, inside real VS Code. */

interface GoldenCase {
  readonly text: string;
  readonly attentions: { readonly dims: readonly number[]; readonly data: string };
}

describe('One Number', function () {
  this.timeout(90_000);
  let api: ExtensionApi;
  let folder: string;
  let workbench: Workbench | undefined;

  const setModel = (model: string | undefined): Thenable<void> =>
    vscode.workspace
      .getConfiguration('transformerScope')
      .update('model', model, vscode.ConfigurationTarget.Global);
  const visualize = async (text: string, model: string): Promise<AttentionView> => {
    await setModel(model);
    const editor = await showText(text);
    editor.selection = new vscode.Selection(0, 0, 0, text.length);
    await vscode.commands.executeCommand('transformerScope.visualizeAttention');
    const state = api.attentionState();
    assert.equal(state.kind, 'ready', JSON.stringify(state).slice(0, 300));
    const { view } = state as Extract<typeof state, { kind: 'ready' }>;
    assert.equal(view.model.id, model);
    return view;
  };

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    folder = found.extensionPath;
    workbench = await theWorkbench();
  });
  after(async () => {
    await setModel(undefined);
    await workbench?.disconnect();
    await closeEditors();
  });

  it('recomputes a weight of scope-bert as PyTorch has it', async () => {
    const file = join(folder, 'test', 'fixtures', 'scopeBert', 'golden.json');
    const golden = (JSON.parse(readFileSync(file, 'utf8')) as GoldenCase[]).find(
      ({ text }) => text === 'The cat sat on the mat',
    );
    assert.ok(golden);
    const { runId } = await visualize(golden.text, 'scope-bert');
    const [, numHeads = 0, n = 0] = golden.attentions.dims;
    const data = Buffer.from(golden.attentions.data, 'base64');
    for (const [layer, head, query, key] of [
      [0, 1, 2, 3],
      [2, 3, 1, 0],
      [3, 5, 6, 2],
    ] as const) {
      const weight = data.readFloatLE(4 * (((layer * numHeads + head) * n + query) * n + key));
      const found = await api.attentionExplain({ runId, layer, head, query, key });
      assert.ok(Math.abs(found.weight - weight) < 1e-4, `${found.weight} is not ${weight}`);
      assert.ok(found.largestDifference < 1e-5, `off by ${found.largestDifference}`);
    }
  });

  it('recomputes scope-gpt, whose mask hides what follows', async () => {
    const { runId, tokens } = await visualize('The cat sat on the mat', 'scope-gpt');
    const last = tokens.length - 1;
    const seen = await api.attentionExplain({ runId, layer: 2, head: 1, query: last, key: 1 });
    assert.ok(seen.own > 0 && seen.largestDifference < 1e-5, `off by ${seen.largestDifference}`);
    const hidden = await api.attentionExplain({ runId, layer: 2, head: 1, query: 1, key: last });
    assert.deepEqual([hidden.addendKind, hidden.weight, hidden.own], ['mask', 0, 0]);
  });

  it('opens the function of a step, to be read', async function () {
    if (!workbench) {
      return this.skip();
    }
    await visualize('The cat sat on the mat', 'scope-bert');
    const frame = await until('the page', async () => {
      for (const each of workbench?.page.frames() ?? []) {
        if (
          (await each
            .locator('body[data-state="ready"] .ranks')
            .count()
            .catch(() => 0)) > 0
        ) {
          return each;
        }
      }
      return undefined;
    });
    await frame.getByRole('button', { name: strings.numberTab, exact: true }).click();
    const code = strings.numberCodeOf.replace('{0}', strings.numberSoftmax);
    await frame.getByRole('button', { name: code }).click();
    const editor = await until('the code', () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.scheme === 'transformer-scope-code' && !active.selection.isEmpty
        ? active
        : undefined;
    });
    assert.equal(editor.document.getText(editor.selection), 'softmaxRows');
    assert.equal(
      editor.document.getText(),
      readFileSync(join(folder, 'src', 'scratch', 'softmax.ts'), 'utf8'),
    );
    assert.equal(editor.document.languageId, 'typescript');
    const before = editor.document.getText();
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.equal(editor.document.getText(), before);

    // From the map to what the heads add, and to the model without its positions.
    await frame.locator('.block-map [data-part="heads:self"]').click();
    const difference = frame.locator('[data-step="heads:self"] dd').last();
    assert.ok(Number(await difference.innerText()) < 1e-5, await difference.innerText());
    await frame.locator('.block-map [data-part="positions"]').click();
    await frame.getByRole('heading', { name: strings.stepsWithout }).waitFor();
  });
});

async function until<T>(what: string, probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await probe();
    if (value !== undefined) {
      return value;
    }
    assert.ok(Date.now() < deadline, `waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
