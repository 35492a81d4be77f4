import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../src/extension';
import type { Overlay } from '../../src/host/documentOverlay';
import { closeEditors, showText } from './editors';
import type { Workbench } from './workbench';
import { run, set, theExtension, theWorkbench } from './extension';

/** Colours texts by their surprisal inside real VS Code. */

describe('Show Surprisal', function () {
  this.timeout(60_000);
  let api: ExtensionApi;
  let extensionPath: string;
  let workbench: Workbench | undefined;

  before(async () => {
    const found = await theExtension();
    api = found.exports;
    ({ extensionPath } = found);
    workbench = await theWorkbench();
  });
  afterEach(async () => {
    await run('clearMarks');
    await set('taskModels', undefined);
  });
  after(async () => {
    await workbench?.disconnect();
    await closeEditors();
  });

  const shown = (): Overlay => {
    const overlay = api.overlay();
    assert.ok(overlay, 'nothing is shown');
    return overlay;
  };
  const hoverOf = (mark: Overlay['marks'][number]): string => {
    assert.ok(mark.hover instanceof vscode.MarkdownString);
    return mark.hover.value.replaceAll('&nbsp;', ' ').replaceAll('\\', '');
  };
  const markedTexts = (document: vscode.TextDocument): string[] =>
    shown().marks.map(({ start, end }) =>
      document.getText(new vscode.Range(document.positionAt(start), document.positionAt(end))),
    );
  const bitsIn = (hover: string): number => Number(/([\d.]+) bits/.exec(hover)?.[1]);

  it('colours each token of the selection, with what was expected in its place', async () => {
    const text = 'The cat sat on the mat because it was warm.';
    const editor = await showText(`A title\n\n${text}\n\nMore.`);
    editor.selection = new vscode.Selection(2, 0, 2, text.length);
    await run('showSurprisal');
    assert.equal(markedTexts(editor.document).join(''), text);
    const { marks, legend, line } = shown();
    assert.equal(line, 2);
    assert.match(legend, /^scope-gpt {2}· {2}[\d.]+ bits per token \(perplexity [\d.]+\)/);
    const bits = marks.map((mark) => bitsIn(hoverOf(mark)));
    const mean = bits.reduce((sum, each) => sum + each, 0) / bits.length;
    const told = Number(/([\d.]+) bits per token/.exec(legend)?.[1]);
    assert.ok(Math.abs(mean - told) < 0.02, `${mean} and ${told}`);
    assert.ok(Math.abs(Number(/perplexity ([\d.]+)/.exec(legend)?.[1]) / 2 ** told - 1) < 0.02);
    const sum = bits.reduce((total, each) => total + each, 0);
    const perCharacter = Number(/([\d.]+) bits per character/.exec(legend)?.[1]);
    assert.ok(Math.abs(sum / text.length - perCharacter) < 0.02);
    marks.forEach((mark, index) => {
      const hover = hoverOf(mark);
      assert.ok(Math.abs(mark.strength - Math.min(1, bits[index]! / 15)) < 0.01);
      const probability = Number(/probability ([\d.e-]+)%/.exec(hover)?.[1]) / 100;
      assert.ok(Math.abs(-Math.log2(probability) - bits[index]!) < 0.1, hover);
      const likeliest = [...hover.matchAll(/^- .*? ([\d.]+)%$/gm)].map((match) => Number(match[1]));
      assert.equal(likeliest.length, 5, hover);
      assert.deepEqual(
        likeliest,
        likeliest.toSorted((a, b) => b - a),
      );
      const rank = Number(/rank (\d+)/.exec(hover)?.[1]);
      assert.equal(rank <= 5, likeliest[rank - 1] !== undefined);
      if (rank <= 5) {
        assert.ok(Math.abs(likeliest[rank - 1]! / 100 - probability) < 1e-3, hover);
      }
    });
  });

  it('takes the line in code and the paragraph in prose, in English and Chinese', async () => {
    const code = await showText('import math\nprint(math.sqrt(2))\n', 'python');
    code.selection = new vscode.Selection(1, 3, 1, 3);
    await run('showSurprisal');
    assert.equal(markedTexts(code.document).join(''), 'print(math.sqrt(2))');
    const prose = await showText('标题\n\n小猫坐在垫子上，\n因为那里很暖和。😀\n\n别的。');
    prose.selection = new vscode.Selection(3, 2, 3, 2);
    await run('showSurprisal');
    assert.equal(markedTexts(prose.document).join(''), '小猫坐在垫子上，\n因为那里很暖和。😀');
  });

  it('reads a text of several windows, and says where it stops', async () => {
    const editor = await showText('The cat sat on the mat.\n'.repeat(900));
    await vscode.commands.executeCommand('editor.action.selectAll');
    await run('showSurprisal');
    const { marks, legend } = shown();
    assert.match(legend, /only the first 4000 tokens$/);
    assert.ok(marks.length > 3900);
    // What was read again and again surprises less.
    const at = editor.document.offsetAt(new vscode.Position(200, 0));
    const mean = (of: Overlay['marks']): number =>
      of.reduce((sum, { strength }) => sum + strength, 0) / of.length;
    const [late, early] = [mean(marks.filter(({ start }) => start > at)), mean(marks.slice(0, 10))];
    assert.ok(late < early, `${late} after ${early}`);
  });

  it('gives an encoder’s pseudo-log-likelihood, and says so', async () => {
    await set('taskModels', { generation: join(extensionPath, 'models', 'scope-bert') });
    const editor = await showText('The cat sat on the mat.');
    await run('showSurprisal');
    assert.match(shown().legend, /^scope-bert, each token masked in turn .*pseudo-perplexity/);
    // Also the first token is expected, from what follows.
    assert.deepEqual(markedTexts(editor.document).slice(0, 3), ['The', 'cat', 'sat']);
    assert.match(hoverOf(shown().marks[0]!), /from both sides/);
  });

  it('measures the same text by another model from the legend', async () => {
    await showText('The cat sat on the mat.');
    await run('showSurprisal');
    const before = shown();
    const [action] = before.actions ?? [];
    assert.equal(action?.title, 'With Another Model…');
    if (workbench) {
      const running = vscode.commands.executeCommand(action.command, ...(action.arguments as unknown[]));
      await workbench.pick(/Which model’s surprisal/, 'scope-gpt-instruct', /scope-gpt-instruct/);
      await running;
      assert.match(shown().legend, /^scope-gpt-instruct /);
      assert.deepEqual(
        shown().marks.map(({ start }) => start),
        before.marks.map(({ start }) => start),
      );
    }
  });

  it('goes with an edit and with its command', async () => {
    const editor = await showText('The cat sat on the mat.');
    await run('showSurprisal');
    shown();
    await editor.edit((builder) => builder.insert(new vscode.Position(0, 0), 'Now '));
    assert.equal(api.overlay(), undefined);
    await run('showSurprisal');
    shown();
    await run('clearMarks');
    assert.equal(api.overlay(), undefined);
  });

  it('refuses an empty document, and a single token without anything before it', async () => {
    await showText('');
    await run('showSurprisal');
    assert.equal(api.overlay(), undefined);
    await showText('a');
    await run('showSurprisal');
    assert.equal(api.overlay(), undefined);
    if (workbench) {
      await workbench.message(/no text here/);
      await workbench.message(/nothing before it/);
    }
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
