import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { Study } from '../../src/protocol/prompts';
import type { PromptSession } from '../../src/study/promptSession';
import { ModelServer } from '../providers/modelServer';
import { closeEditors } from './editors';
import type { Workbench } from './workbench';
import { theExtension, theWorkbench } from './extension';

/** Models of a server, from the commands to the report, inside real VS Code and as a person does it. */
describe('Model servers', function () {
  this.timeout(90_000);
  let api: ExtensionApi;
  let server: ModelServer;
  let workbench: Workbench | undefined;

  const endpoints = (): readonly Record<string, unknown>[] =>
    vscode.workspace.getConfiguration('transformerScope').get('endpoints', []);
  const set = (value: unknown): Thenable<void> =>
    vscode.workspace
      .getConfiguration('transformerScope')
      .update('endpoints', value, vscode.ConfigurationTarget.Global);
  const until = async (what: string, done: () => boolean): Promise<void> => {
    const deadline = Date.now() + 60_000;
    while (!done()) {
      assert.ok(Date.now() < deadline, `waited for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  before(async () => {
    api = (await theExtension()).exports;
    server = await ModelServer.start((given) => `The answer is ${given.length}.`);
    workbench = await theWorkbench();
  });
  after(async () => {
    await set(undefined);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('notifications.clearAll');
    await closeEditors();
    await server.stop();
    await workbench?.disconnect();
  });

  it('are added, given a key, asked once leave was given, reported, and removed', async function () {
    if (!workbench) {
      this.skip();
    }
    const adding = vscode.commands.executeCommand('transformerScope.addModelServer');
    await workbench.pick(/Add Model Server/, 'Another');
    await workbench.enter(/Add Model Server/, `${server.url}/`);
    await workbench.page.locator('.quick-input-message', { hasText: 'A name by which studies' }).waitFor();
    await workbench.enter(/Add Model Server/, 'here');
    await workbench.enter(/Key for here/, 'sk-secret');
    await adding;
    await workbench.message(/here offers 2 models/);
    assert.deepEqual(endpoints(), [{ id: 'here', url: server.url, type: 'other' }]);
    await set([{ ...endpoints()[0], prices: { '*': { input: 1, output: 2 } } }]);

    await api.prompts.showTask('arithmetic-en');
    const session = api.prompts.current as PromptSession;
    const begun = session.study as Study;
    const items = begun.task.items.slice(0, 3);
    await session.edit({
      ...begun,
      strategies: begun.strategies.slice(0, 2),
      task: { ...begun.task, items },
    });
    // What the page's button does.
    const choosing = api.prompts['bench']?.['perform']('addModel');
    await workbench.pick(/Model to add/, 'tiny', /tiny.*127\.0\.0\.1/);
    await workbench.pick(/How tiny is asked/, 'conversation');
    await workbench.pick(/Texts of this study will be sent to 127\.0\.0\.1/, 'Send them');
    await choosing;
    const model = { id: 'tiny@here', provider: 'server', endpoint: 'here', model: 'tiny', api: 'chat' };
    assert.deepEqual(session.study?.models.at(-1), model);
    assert.ok(
      server.asked.every(({ path }) => path === '/v1/models'),
      'no text was sent yet',
    );
    const [local, place] = api.prompts.snapshot().places;
    assert.deepEqual([local?.host, local?.ignored], [null, []]);
    assert.equal(place?.host, new URL(server.url).host);
    assert.deepEqual(place?.ignored, ['seed', 'logProbabilities']);

    const study = session.study as Study;
    await session.edit({ ...study, models: study.models.slice(1) });
    session.run('items');
    await until('six answers', () => session.results().length === 6);
    assert.ok(session.results().every(({ output, price }) => /^The answer is \d+\.$/.test(output) && price));
    assert.ok(server.asked.every(({ authorization }) => authorization === 'Bearer sk-secret'));
    const report = await api.prompts.report('md', 'en');
    assert.match(report, /tiny\\@here: answered by \| 127\.0\.0\.1:\d+, tiny/);
    assert.match(report, /ignored there \| seed \(a run may not be repeatable\), probabilities/);
    assert.match(report, / USD/);
    assert.ok(!report.includes('sk-secret'));

    const forgetting = vscode.commands.executeCommand('transformerScope.setModelServerKey');
    await workbench.pick(/Server whose key is set/);
    await workbench.enter(/Key for here/, '');
    await forgetting;
    const removing = vscode.commands.executeCommand('transformerScope.removeModelServer');
    await workbench.pick(/Server to remove/);
    await removing;
    assert.deepEqual(endpoints(), []);
    await until('the problem at the model', () =>
      /no model server/.test(api.prompts.snapshot().places[0]?.problem ?? ''),
    );
  });
});
