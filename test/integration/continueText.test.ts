import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import { closeEditors, showText } from './editors';
import type { Workbench } from './workbench';
import { run, set, theExtension, theWorkbench } from './extension';

/** Continues texts inside real VS Code, and takes the ghost text over as a person does. */

describe('Continue Text', function () {
  this.timeout(60_000);
  let api: ExtensionApi;
  let workbench: Workbench | undefined;

  before(async () => {
    api = (await theExtension()).exports;
    workbench = await theWorkbench();
    await set('generation.maxTokens', 12);
    // The same each time: a drawn text may end at once.
    await set('generation.temperature', 0);
  });
  afterEach(() => run('rejectContinuation'));
  after(async () => {
    await set('generation.temperature', undefined);
    await set('generation.maxTokens', undefined);
    await workbench?.disconnect();
    await closeEditors();
  });

  const until = async (what: string, isSo: () => boolean | Promise<boolean>): Promise<void> => {
    const deadline = Date.now() + 20_000;
    while (!(await isSo())) {
      assert.ok(
        Date.now() < deadline,
        `waited until ${what}; there is ${JSON.stringify(api.continuations())}`,
      );
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  /** An editor with the cursor at the end of its text. */
  const atEndOf = async (text: string, language?: string): Promise<vscode.TextEditor> => {
    const editor = await showText(text, language);
    const end = editor.document.positionAt(text.length);
    editor.selection = new vscode.Selection(end, end);
    return editor;
  };
  /** What the window shows in grey; where no window can be asked, that there is something to show. */
  const ghost = async (): Promise<string> => {
    if (!workbench) {
      return api.continuations()?.[0] ?? '';
    }
    // The rest of its line, then the lines below, each in pieces.
    const parts = await Promise.all(
      ['.ghost-text-decoration', '.ghost-text'].map((part) =>
        workbench?.page.locator(`.editor-group-container.active ${part}`).allTextContents(),
      ),
    );
    return parts.flat().join('').replaceAll('\u00a0', ' ');
  };
  /** Waits until the window shows the newest continuation whole. */
  const untilShown = async (): Promise<string> => {
    const bare = (text = ''): string => text.replace(/\s+/g, '');
    await until('the ghost text is shown', async () => {
      const shown = bare(await ghost());
      return shown !== '' && shown === bare(api.continuations()?.[0]);
    });
    return api.continuations()?.[0] ?? '';
  };

  /** Takes the ghost text over, as Tab does; while the editor asks for it anew there is none to take. */
  const commit = (editor: vscode.TextEditor, wanted: string): Promise<void> =>
    until('it is written', async () => {
      await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
      return editor.document.getText() === wanted;
    });

  it('streams ghost text, and Tab takes it over', async () => {
    const text = 'Once upon a time there was a little';
    const editor = await atEndOf(text);
    await set('generation.maxTokens', 200);
    let isRunning = true;
    const running = Promise.resolve(run('continueText')).finally(() => (isRunning = false));
    // Looking at the window takes longer than the text does on a fast machine; what it is told does not.
    const seen = new Set<string>();
    while (isRunning) {
      seen.add((api.continuations()?.[0] ?? '').trim());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await running;
    const whole = await untilShown();
    seen.delete('');
    assert.ok(seen.size > 1, `only ${seen.size} was seen while it ran`);
    for (const each of seen) {
      assert.ok(whole.trim().startsWith(each), `${each} | ${whole}`);
    }
    await set('generation.maxTokens', 12);
    await commit(editor, text + whole);
    await until('the run is over', () => api.continuations() === undefined);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), text);
  });

  it('goes over word by word, and the rest stays', async () => {
    const text = 'The cat sat on the mat and';
    const editor = await atEndOf(text);
    await run('continueText');
    const whole = await untilShown();
    await vscode.commands.executeCommand('editor.action.inlineSuggest.acceptNextWord');
    await until('a word is written', () => editor.document.getText().length > text.length);
    const word = editor.document.getText().slice(text.length);
    assert.ok(word.length < whole.length && whole.startsWith(word), `${word} of ${whole}`);
    await until('the rest stays', () => api.continuations()?.[0] === whole.slice(word.length));
    await untilShown();
    await commit(editor, text + whole);
  });

  it('writes another, and the editor goes through both', async () => {
    await atEndOf('The old man opened the window and');
    await run('continueText');
    const first = await untilShown();
    await set('generation.temperature', 2);
    // One that the model ends at once is not kept.
    do {
      await run('anotherContinuation');
    } while (api.continuations()?.[0] === '');
    await set('generation.temperature', 0);
    const second = await untilShown();
    assert.notEqual(second, first);
    assert.deepEqual(api.continuations(), [second, first]);
    if (workbench) {
      await until('the old one is shown', async () => {
        await vscode.commands.executeCommand('editor.action.inlineSuggest.showNext');
        await new Promise((resolve) => setTimeout(resolve, 300));
        return (await ghost()).includes(first.trim().slice(0, 8));
      });
    }
  });

  it('is rejected at once, and the model stops', async () => {
    const text = 'Early in the morning the old man';
    const editor = await atEndOf(text);
    await set('generation.maxTokens', 400);
    const running = run('continueText');
    await until('some of it is there', () => (api.continuations()?.[0] ?? '') !== '');
    await run('rejectContinuation');
    await running;
    await set('generation.maxTokens', 12);
    assert.equal(api.continuations(), undefined);
    await until('nothing is shown', async () => (await ghost()) === '');
    assert.equal(editor.document.getText(), text);
    // The process is free for the next.
    await run('continueText');
    await untilShown();
  });

  it('ends when the text is edited or the cursor moves, and not when its own beginning is typed', async () => {
    const editor = await atEndOf('Tom has seven apples and');
    await run('continueText');
    const whole = await untilShown();
    await vscode.commands.executeCommand('type', { text: whole[0] });
    await until('the rest stays', () => api.continuations()?.[0] === whole.slice(1));
    await vscode.commands.executeCommand('type', { text: '☃' });
    await until('the edit ends it', () => api.continuations() === undefined);
    await run('continueText');
    await untilShown();
    editor.selection = new vscode.Selection(0, 3, 0, 3);
    await until('the move ends it', () => api.continuations() === undefined);
    await until('nothing is shown', async () => (await ghost()) === '');
  });

  it('continues a selection behind it, in Chinese and in code', async () => {
    for (const [text, language, wanted] of [
      ['从前有一个小女孩，她', 'plaintext', /\p{Script=Han}/u],
      ['def add(a, b):\n    return', 'python', /\S/],
    ] as const) {
      const editor = await showText(`${text}\n\n# behind`, language);
      editor.selection = new vscode.Selection(
        new vscode.Position(0, 0),
        editor.document.positionAt(text.length),
      );
      await run('continueText');
      assert.match(await untilShown(), wanted);
      assert.deepEqual(editor.selection.active, editor.document.positionAt(text.length));
    }
  });

  it('keeps one space where one stands already', async () => {
    await atEndOf('The cat sat on the ');
    await run('continueText');
    assert.match(await untilShown(), /^\S/);
  });

  it('reads the end of a long document', async () => {
    const text = `${'The cat sat on the mat.\n'.repeat(2000)}Then the cat`;
    const editor = await atEndOf(text);
    await run('continueText');
    const whole = await untilShown();
    await commit(editor, text + whole);
  });

  it('refuses an empty document and one that cannot be edited', async () => {
    const told = async (words: RegExp): Promise<void> => {
      if (workbench) {
        assert.match(await workbench.message(words), words);
      }
      await vscode.commands.executeCommand('notifications.clearAll');
    };
    await showText('');
    await run('continueText');
    assert.equal(api.continuations(), undefined);
    await told(/no text here/);
    const scheme = 'continue-test';
    const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: () => 'The cat sat on the mat',
    });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme, path: '/fixed.txt' }));
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 22, 0, 22);
    await run('continueText');
    assert.equal(api.continuations(), undefined);
    await told(/cannot be edited/);
    provider.dispose();
  });

  it('leaves an untouched document untouched', async () => {
    const [file] = await vscode.workspace.findFiles('english.md');
    assert.ok(file);
    const editor = await vscode.window.showTextDocument(file);
    const { version } = editor.document;
    editor.selection = new vscode.Selection(2, 43, 2, 43);
    await run('continueText');
    await untilShown();
    await run('rejectContinuation');
    assert.deepEqual([editor.document.isDirty, editor.document.version], [false, version]);
  });
});
