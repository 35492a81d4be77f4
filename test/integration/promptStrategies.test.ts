import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { PromptSession } from '../../src/study/promptSession';
import { readStudy, writeStudy } from '../../src/prompts/studyFile';
import type { PromptSnapshot } from '../../src/protocol/promptPage';
import type { Study } from '../../src/protocol/prompts';
import { closeEditors, showText } from './editors';
import { theExtension } from './extension';

/** Tries ways of asking inside real VS Code, from the selection to the report. */

const tryPrompts = 'transformerScope.tryPromptStrategies';

describe('Try Prompt Strategies', function () {
  this.timeout(120_000);
  let api: ExtensionApi;

  before(async () => {
    api = (await theExtension()).exports;
  });
  after(closeEditors);

  const open = showText;

  const until = async (what: string, done: (now: PromptSnapshot) => boolean): Promise<PromptSnapshot> => {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const now = api.prompts.snapshot();
      if (done(now)) {
        return now;
      }
      assert.ok(Date.now() < deadline, `waited for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const answered = (now: PromptSnapshot): boolean =>
    now.progress.state === 'idle' && now.results.filter((result) => result.item === -1).length === 6;

  it('asks about the selection in six ways at once', async () => {
    const question = 'Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?';
    const editor = await open(`# Homework\n${question}\n`);
    editor.selection = new vscode.Selection(1, 0, 1, question.length);
    await vscode.commands.executeCommand(tryPrompts);
    const now = await until('six answers', answered);
    assert.equal(now.study?.input, question);
    assert.equal(now.study.task.kind, 'solve');
    const reasoned = now.results.find((result) => result.strategy === 'zero-shot+reasoning');
    assert.equal(reasoned?.answer, '9');
    assert.ok(now.inputCells.every((cell) => (cell.numTokens ?? 0) > 20));
  });

  it('speaks Chinese to a Chinese text', async () => {
    const editor = await open('小明有9个球，丢了4个，又买了6个，小明现在有几个球？');
    editor.selection = new vscode.Selection(0, 0, 0, 100);
    await vscode.commands.executeCommand(tryPrompts);
    const now = await until('six answers', answered);
    assert.equal(now.study?.task.language, 'zh');
    assert.match(now.inputCells[0]?.prompt?.text ?? '', /<\|im_start\|>user\n请解题。\n小明/);
    const reasoned = now.results.find((result) => result.strategy === 'zero-shot+reasoning');
    assert.equal(reasoned?.answer, '11');
  });

  it('takes examples and items from any document', async () => {
    const editor = await open('one\nwhat is this?\nA\tB');
    editor.selection = new vscode.Selection(1, 0, 1, 13);
    const before = api.prompts.snapshot().study as Study;
    await vscode.commands.executeCommand('transformerScope.addPromptItem');
    editor.selection = new vscode.Selection(2, 0, 2, 3);
    await vscode.window.showTextDocument(editor.document, vscode.ViewColumn.One);
    editor.selection = new vscode.Selection(2, 0, 2, 3);
    await vscode.commands.executeCommand('transformerScope.addPromptExample');
    const study = api.prompts.snapshot().study as Study;
    assert.deepEqual(study.task.items.at(-1), { input: 'what is this?' });
    assert.deepEqual(study.task.examples.at(-1), { input: 'A', output: 'B' });
    assert.equal(study.task.examples.length, before.task.examples.length + 1);
  });

  it('tests ways on a bundled task, finds which works, and reports it in both languages', async () => {
    await api.prompts.showTask('arithmetic-en');
    const session = api.prompts.current as PromptSession;
    const study = session.study as Study;
    const ways = study.strategies.filter(({ shots, role }) => shots === 0 && !role);
    await session.edit({
      ...study,
      strategies: ways,
      task: { ...study.task, items: study.task.items.slice(0, 30) },
    });
    session.run('items');
    const now = await until(
      'sixty answers',
      ({ results, progress }) => progress.state === 'idle' && results.length === 60,
    );
    const reasoned = now.summary?.rows.find((row) => row.strategy === 'zero-shot+reasoning');
    assert.ok((reasoned?.versusZeroShot?.interval.low ?? 0) > 0, 'chain of thought beats the direct answer');
    assert.match(now.findings[0] ?? '', /chain of thought worked best/);
    assert.match(
      now.advice?.[0] ?? '',
      /^scope-gpt-instruct: ask with chain of thought\. It gets \+\d+ points/,
    );
    assert.ok((now.summary?.rows.find(({ rank }) => rank === 1)?.bestProbability ?? 0) > 0.9);
    assert.equal(now.isTrusted, vscode.workspace.isTrusted);
    const english = await api.prompts.report('md', 'en');
    assert.match(english, /chain of thought worked best[\s\S]*\| scope-gpt-instruct \| chain of thought \|/);
    assert.match(english, /[0-9a-f]{64} \(onnx\/model\\_quantized\.onnx\)/);
    const chinese = await api.prompts.report('html', 'zh');
    assert.match(chinese, /思维链效果最好/);
    assert.match(chinese, /<svg/);
  });

  it('saves the study as a readable file and opens it again with its answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scope-prompts-'));
    try {
      const session = api.prompts.current as PromptSession;
      const study = session.study as Study;
      const path = join(folder, 'mine.prompt.yaml');
      await writeFile(path, writeStudy({ study, results: session.everything() }));
      assert.match(await readFile(path, 'utf8'), /strategies:\n {2}- zero-shot\n/);
      await api.prompts.showTask('pattern-en');
      await api.prompts.openFile(vscode.Uri.file(path));
      const now = api.prompts.snapshot();
      assert.deepEqual(now.study?.task, study.task);
      assert.equal(now.results.length, 60, 'answers that still fit count again');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('keeps every finished answer when the window is closed in the middle of a run', async () => {
    const session = api.prompts.current as PromptSession;
    await session.edit({
      ...(session.study as Study),
      strategies: [{ shots: 3, reasoning: true, role: false, format: false }],
    });
    session.run('items');
    const some = await until('a few answers', ({ results }) => results.length >= 3);
    const id = some.study?.id ?? '';
    await closeEditors();
    const current = (): PromptSession | undefined => api.prompts.current;
    assert.equal(current(), undefined);
    const kept = await api.studies.read(id);
    assert.ok((kept?.results.length ?? 0) >= 60 + 3);
    assert.equal(kept?.study.strategies.length, 1);
    const [newest] = await api.studies.runs(id);
    assert.equal(newest?.numTested, (kept?.results.length ?? 0) - 60, 'each run has its own answers');
    const asked = newest?.circumstances?.models[0];
    assert.match(`${asked?.id} ${asked?.precision} ${asked?.hash}`, /^scope-gpt-instruct int8 [0-9a-f]{64} /);
    await api.prompts.openKept(id);
    const again = api.prompts.snapshot();
    assert.equal(again.study?.id, id);
    const before = again.results.length;
    assert.ok(before >= 3);
    current()?.run('items');
    const more = await until('the run to go on', ({ results }) => results.length > before);
    assert.equal(more.progress.total + before, 30, 'what is answered is not asked again');
    current()?.stop();
  });

  it('opens empty when there is nothing to ask about, and refuses a file that is no study', async () => {
    await closeEditors();
    await vscode.commands.executeCommand(tryPrompts);
    assert.equal(api.prompts.snapshot().study, null);
    assert.equal(api.prompts.snapshot().tasks.length, 11);
    assert.throws(() => readStudy('hello: world', 'x'), /studyUnreadable/);
  });
});
