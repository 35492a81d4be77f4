import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { ClassifiedText } from '../../src/host/classifySentiment';
import type { SentencePair } from '../../src/host/nextSentences';
import type { ShownTokens } from '../../src/host/showTokens';
import { closeEditors, showText } from './editors';
import {
  acceptUntilDone,
  activated,
  assertNear,
  closeUntilDone,
  golden,
  select,
  until,
} from './wordFixtures';
import { run, set, theWorkbench } from './extension';

/** What the commands on selected text find inside real VS Code, against values from outside of the extension. */

describe('Commands on selected text', function () {
  this.timeout(90_000);
  let api: ExtensionApi;

  before(async () => {
    api = await activated();
  });
  after(async () => {
    await run('clearMarks');
    await closeEditors();
  });

  describe('Classify Sentiment', () => {
    for (const { text, label, probability, words } of golden.sentiment) {
      it(`leaves out each word of “${text}”`, async () => {
        const editor = await showText(`title\n\n${text}\n\nend`);
        editor.selection = new vscode.Selection(2, 0, 2, text.length);
        const [found] = await run<ClassifiedText[]>('classifySentiment');
        assert.ok(found);
        assert.equal(found.labels[0]?.label, label);
        assertNear(found.labels[0].probability, probability);
        assert.deepEqual(
          found.words.map(({ start, end }) => text.slice(start - 7, end - 7)),
          words.map(({ word }) => word),
        );
        found.words.forEach(({ start, without }, index) => {
          assert.equal(start - 7, words[index]!.start);
          assertNear(without, words[index]!.without);
        });
        const overlay = api.overlay();
        assert.deepEqual(
          [overlay?.scale, overlay?.line, overlay?.marks.length],
          ['diverging', 2, words.length],
        );
        assert.match(
          overlay?.legend ?? '',
          new RegExp(`^${label} ${(100 * probability).toFixed(1)}%.*scope-bert-sentiment`),
        );
        // What speaks for the label is what lowers its probability when it is missing.
        overlay?.marks.forEach(({ strength }, index) => {
          const change = probability - words[index]!.without;
          assert.ok(Math.abs(change) < 1e-5 || Math.sign(strength) === Math.sign(change), `word ${index}`);
        });
      });
    }

    it('takes several selections, and goes with an edit', async () => {
      const [english, chinese] = golden.sentiment;
      const editor = await showText(`${english!.text}\nin between\n${chinese!.text}`);
      select(editor, english!.text, chinese!.text);
      const found = await run<ClassifiedText[]>('classifySentiment');
      assert.equal(found.length, 2);
      assertNear(found[1]?.labels[0]?.probability, chinese!.probability);
      assert.equal(api.overlay()?.marks.length, english!.words.length + chinese!.words.length);
      await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), 'x'));
      await until(() => api.overlay() === undefined, 'the colours to go');
    });

    it('takes only what the model reads apart of a long text', async () => {
      const text = 'The room was clean and the staff was kind. '.repeat(4000);
      const editor = await showText(text);
      editor.selection = new vscode.Selection(0, 0, 0, text.length);
      const [found] = await run<ClassifiedText[]>('classifySentiment');
      assert.equal(found?.cut, 'words');
      assert.equal(found.words.length, 200);
      assert.match(api.overlay()?.legend ?? '', /only the first 200 words/);
    });

    it('shows how far it is, and is stopped there', async function () {
      const workbench = await theWorkbench();
      if (!workbench) {
        this.skip();
      }
      await run('clearMarks');
      try {
        const text = 'The room was clean and the staff was kind. '.repeat(4000);
        const editor = await showText(text);
        editor.selection = new vscode.Selection(0, 0, 0, text.length);
        const running = run<ClassifiedText[] | undefined>('classifySentiment');
        await workbench.message(/Leaving out each word in turn/);
        await workbench.press('Cancel');
        assert.equal(await running, undefined);
        assert.equal(api.overlay(), undefined);
      } finally {
        await workbench.disconnect();
      }
    });

    it('says that a model has no such output, and draws nothing', async () => {
      await run('clearMarks');
      await set('taskModels', { sentiment: 'scope-bert' });
      try {
        await showText('A lovely film.');
        assert.equal(await run('classifySentiment'), undefined);
        assert.equal(api.overlay(), undefined);
      } finally {
        await set('taskModels', undefined);
      }
    });
  });

  describe('Are These Sentences Consecutive?', () => {
    const same = (found: SentencePair | undefined, wanted: (typeof golden.consecutive)[number]): void => {
      assert.deepEqual([found?.first, found?.second], [wanted.first, wanted.second]);
      assertNear(found?.probability, wanted.probability);
      assertNear(found?.reversed, wanted.reversed);
    };

    it('takes two selections', async () => {
      const pair = golden.consecutive[2]!;
      const editor = await showText(`${pair.first}还有别的。${pair.second}`);
      select(editor, pair.first, pair.second);
      const found = await closeUntilDone(run<SentencePair[]>('nextSentence'));
      assert.equal(found.length, 1);
      same(found[0], pair);
    });

    it('takes the sentences of a paragraph, each with the next', async () => {
      const [one, two] = golden.consecutive;
      await showText(`${one!.first} ${one!.second}\n${two!.second}`);
      const found = await closeUntilDone(run<SentencePair[]>('nextSentence'));
      assert.equal(found.length, 2);
      same(found[0], one!);
      same(found[1], two!);
    });

    it('reads of long texts what stands where they meet', async () => {
      const editor = await showText(`${'The cat sat. '.repeat(100)}\n\n${'It was warm. '.repeat(100)}`);
      const [first, second] = editor.document.getText().split('\n\n');
      select(editor, first!.trim(), second!.trim());
      const [found] = await closeUntilDone(run<SentencePair[]>('nextSentence'));
      assert.equal(found?.wasCut, true);
    });

    it('refuses one sentence', async () => {
      await showText('Only one sentence here.');
      assert.equal(await run('nextSentence'), undefined);
    });
  });

  describe('Show Tokens', () => {
    after(() => set('model', undefined));

    it('draws the borders that the models’ own tokenizers have', async () => {
      for (const { model, text, ids, pieces, ranges } of golden.tokens) {
        await set('model', model);
        const editor = await showText(`😀 ${text}`);
        editor.selection = new vscode.Selection(0, 3, 0, 3 + text.length);
        const found = await run<ShownTokens>('showTokens');
        const tokens = found.texts[0]!.tokens.filter(({ start, end }) => end > start);
        assert.deepEqual(
          tokens.map(({ id, piece }) => [id, piece]),
          ids.map((id, index) => [id, pieces[index]]),
          text,
        );
        const overlay = api.overlay();
        assert.equal(overlay?.scale, 'alternating');
        // Bytes of one character share its range: they are drawn once, with their blank where it is a part of them.
        const drawn = overlay.marks.map(({ start, end }) =>
          editor.document.getText().slice(start, end).trim(),
        );
        const wanted = [...new Set(ranges.map(([start, end]) => `${start} ${end}`))].map((range) => {
          const [start, end] = range.split(' ').map(Number);
          return text.slice(start, end).trim();
        });
        if (model === 'scope-bert') {
          assert.deepEqual(drawn, wanted, text);
        } else {
          assert.equal(drawn.join(''), text.replaceAll(' ', ''));
        }
        assert.match(overlay.legend, new RegExp(`^${model} · ${ids.length} tokens · `));
      }
    });

    it('shows what a text is to another model, and clears', async () => {
      await set('model', undefined);
      await showText('The cat sat on the mat.');
      const found = await run<ShownTokens>('showTokens');
      assert.equal(found.model, 'scope-bert');
      const [action] = api.overlay()?.actions ?? [];
      assert.ok(action);
      const other = await closeUntilDone(
        vscode.commands.executeCommand<ShownTokens | undefined>(action.command, ...(action.arguments ?? [])),
      );
      assert.equal(other, undefined);
      await run('clearMarks');
      assert.equal(api.overlay(), undefined);
    });

    it('stays quick in a large file, and refuses an empty one', async () => {
      const line = '2026-01-01 12:00:00 INFO request served in 12 ms\n';
      const editor = await showText(line.repeat(5_000_000 / line.length));
      editor.selection = new vscode.Selection(0, 0, editor.document.lineCount, 0);
      await run('showTokens');
      assert.equal(api.overlay()?.marks.length, 5000);
      assert.match(
        api.overlay()?.legend ?? '',
        /only the beginning of the selection · the first 5000 are drawn/,
      );
      await run('clearMarks');
      await showText('');
      assert.equal(await run('showTokens'), undefined);
    });
  });

  describe('in other places than files', () => {
    it('reads a cell of a notebook', async () => {
      const text = golden.sentiment[0]!.text;
      const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'plaintext');
      const notebook = await vscode.workspace.openNotebookDocument(
        'jupyter-notebook',
        new vscode.NotebookData([cell]),
      );
      await vscode.window.showNotebookDocument(notebook);
      await vscode.commands.executeCommand('notebook.cell.edit');
      const uri = notebook.cellAt(0).document.uri.toString();
      await until(
        () => vscode.window.activeTextEditor?.document.uri.toString() === uri,
        'the cell to be edited',
      );
      await run('classifySentiment');
      assert.equal(api.overlay()?.uri, uri);
      assert.equal(api.overlay()?.marks.length, golden.sentiment[0]!.words.length);
    });

    it('reads a document that cannot be edited, and refuses to write into it', async () => {
      const scheme = 'scope-read-only';
      const content = golden.filled[0]!.text;
      const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
        provideTextDocumentContent: () => content,
      });
      try {
        const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(`${scheme}:text.txt`));
        await vscode.window.showTextDocument(document);
        assert.equal((await run<ShownTokens>('showTokens')).texts.length, 1);
        assert.equal(await acceptUntilDone(run('predictMasks')), undefined);
        assert.equal(document.getText(), content);
      } finally {
        provider.dispose();
      }
    });

    it('takes an emoji and letters from right to left', async () => {
      await showText('👩‍👩‍👧 שלום עולם');
      const [found] = await run<ClassifiedText[]>('classifySentiment');
      assert.deepEqual(
        api.overlay()?.marks.map(({ start, end }) => '👩‍👩‍👧 שלום עולם'.slice(start, end)),
        ['👩‍👩‍👧', 'שלום', 'עולם'],
      );
      assert.equal(found?.words.length, 3);
    });
  });
});
