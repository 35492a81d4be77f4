import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { closeEditors } from './editors';
import type { Workbench } from './workbench';
import { theExtension, theWorkbench } from './extension';

/** Effects of the bundled decoder's heads, inside real VS Code. */

describe('Effects', function () {
  this.timeout(90_000);
  let workbench: Workbench | undefined;
  let api: ExtensionApi;

  before(async () => {
    api = (await theExtension()).exports;
    workbench = await theWorkbench();
  });
  after(async () => {
    await workbench?.disconnect();
    await closeEditors();
  });

  it('opens an example that the model does, and switches the head off that matters most', async function () {
    await vscode.commands.executeCommand('transformerScope.exploreIoi');
    const state = api.attentionState();
    assert.equal(state.kind, 'ready', JSON.stringify(state).slice(0, 300));
    const { view } = state as Extract<typeof state, { kind: 'ready' }>;
    assert.equal(view.model.id, 'scope-gpt');
    if (!workbench) {
      return this.skip();
    }
    const page = await until('the page', async () => {
      for (const each of workbench?.page.frames() ?? []) {
        if (
          (await each
            .locator('.example strong')
            .count()
            .catch(() => 0)) > 0
        ) {
          return each;
        }
      }
      return undefined;
    });
    await page.locator('.example strong').getByText(strings.effectsExampleDoes).waitFor();
    const measures = page.locator('.answer .measure td');
    const before = await measures.first().innerText();
    await page.locator('.ranked tbody button.link').first().click();
    await page.getByText('Changed: 1 heads, 0 tokens.').waitFor();
    const effect = await page.locator('.ranked tbody tr').first().locator('td.number').first().innerText();
    const number = (text: string): number => Number(text.replace('−', '-'));
    const wanted = number(before) - number(effect);
    await until('the answer', async () => {
      const after = await measures.last().innerText();
      // Two rounded numbers make a third.
      return Math.abs(number(after) - wanted) < 0.021 ? after : undefined;
    });
  });
});

async function until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
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
