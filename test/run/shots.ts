import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths';
import type { Theme, VscodePage } from './vscodePage';

export interface Shot {
  /** The picture's file name, without `.png`. */
  readonly name: string;
  readonly theme: Theme;
  readonly locale?: string;
  /** Taken at once, while things still move; else when all is still and the mouse is away. */
  readonly atOnce?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly viewport: { readonly width: number; readonly height: number };
  /** What is done in the open workbench before the picture is taken. */
  readonly steps: (vscode: VscodePage) => Promise<void>;
}

const wide = { width: 1400, height: 900 };
const narrow = { width: 900, height: 900 };

export const shots: readonly Shot[] = [
  { name: 'attention-dark', theme: 'dark', viewport: wide, steps: inEnglish },
  { name: 'attention-light', theme: 'light', viewport: wide, steps: inEnglish },
  { name: 'attention-hc', theme: 'high-contrast', viewport: wide, steps: inEnglish },
  { name: 'attention-zh', theme: 'dark', locale: 'zh-cn', viewport: wide, steps: inChinese },
  { name: 'attention-glow', theme: 'light', viewport: wide, steps: litUp },
  { name: 'attention-narrow', theme: 'dark', viewport: narrow, steps: inEnglish },
  { name: 'compare-dark', theme: 'dark', viewport: wide, steps: compared },
  { name: 'compare-architecture', theme: 'light', viewport: wide, steps: comparedIn(/Architecture/) },
  { name: 'attention-image', theme: 'dark', viewport: wide, steps: ofImage },
  { name: 'attention-translation', theme: 'light', viewport: wide, steps: translated },
  { name: 'prompts-dark', theme: 'dark', viewport: wide, steps: asked },
  { name: 'prompts-hc', theme: 'high-contrast', viewport: wide, steps: asked },
  { name: 'prompts-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: askedInChinese },
  { name: 'prompts-results', theme: 'light', viewport: wide, steps: tested },
  {
    name: 'surprisal',
    theme: 'dark',
    atOnce: true,
    settings: { 'editor.hover.above': false },
    viewport: wide,
    steps: surprising,
  },
  { name: 'surprisal-code', theme: 'light', viewport: wide, steps: surprisingCode },
  { name: 'surprisal-zh', theme: 'dark', locale: 'zh-cn', viewport: wide, steps: surprisingChinese },
  {
    name: 'continue',
    theme: 'dark',
    atOnce: true,
    settings: { 'transformerScope.generation.maxTokens': 400, 'editor.wordWrap': 'on' },
    viewport: wide,
    steps: continued,
  },
  { name: 'prompts-narrow', theme: 'dark', viewport: narrow, steps: asked },
];

/** Each token by its surprisal; what was expected in one place is on show. */
async function surprising(vscode: VscodePage): Promise<void> {
  await showSurprisal(vscode, 'english.md', 'The nurse told the visitor');
  const mark = vscode.page.locator('.view-line', { hasText: 'because it was too small' });
  await mark.hover({ position: { x: 330, y: 8 } });
  await vscode.page.locator('.monaco-hover:visible', { hasText: 'rank' }).waitFor();
  await vscode.page.waitForTimeout(500);
}

async function surprisingCode(vscode: VscodePage): Promise<void> {
  await vscode.openFile('attention.py');
  await vscode.page.keyboard.press('Control+KeyA');
  await vscode.toggleSideBar();
  await runSurprisal(vscode);
  await vscode.page.keyboard.press('Control+Home');
}

function surprisingChinese(vscode: VscodePage): Promise<void> {
  return showSurprisal(vscode, 'chinese.md', '小猫坐在垫子上');
}

/** The paragraph around a text. */
async function showSurprisal(vscode: VscodePage, file: string, text: string): Promise<void> {
  await vscode.openFile(file);
  await vscode.toggleSideBar();
  await vscode.selectText(text);
  await vscode.page.keyboard.press('ArrowRight');
  await runSurprisal(vscode);
}

async function runSurprisal(vscode: VscodePage): Promise<void> {
  await vscode.runCommand(`${await english('category')}: ${await english('command.showSurprisal')}`);
  await vscode.page.locator('.codelens-decoration', { hasText: 'scope-gpt' }).waitFor({ timeout: 60_000 });
}

/** Ghost text while it grows. */
async function continued(vscode: VscodePage): Promise<void> {
  await vscode.toggleSideBar();
  await vscode.runCommand('File: New Untitled Text File');
  await vscode.page.keyboard.type('Once upon a time there was a little girl who lived by the river. One day');
  await vscode.settle();
  await vscode.runCommand(`${await english('category')}: ${await english('command.continueText')}`);
  await vscode.page.locator('.statusbar-item', { hasText: /· 1\d tokens/ }).waitFor({ timeout: 60_000 });
}

const problem = 'Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?';

/** A problem selected, asked in six ways. */
function asked(vscode: VscodePage): Promise<void> {
  return tryPrompts(vscode, 'english.md', problem);
}

function askedInChinese(vscode: VscodePage): Promise<void> {
  return tryPrompts(vscode, 'chinese.md', '小明有9个球，丢了4个，又买了6个，小明现在有几个球？');
}

/** A bundled task answered in every way: which way works. */
async function tested(vscode: VscodePage): Promise<void> {
  await asked(vscode);
  const page = await vscode.webviewFrame();
  await page.getByRole('combobox', { name: 'Bundled tasks' }).selectOption('arithmetic-en');
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByRole('button', { name: /^Run the Test/ }).click();
  await page.locator('body[data-run="running"]').waitFor();
  await page.locator('body[data-run="idle"]').waitFor({ timeout: 300_000 });
}

async function tryPrompts(vscode: VscodePage, file: string, text: string): Promise<void> {
  await vscode.openFile(file);
  await vscode.toggleSideBar();
  await vscode.selectText(text);
  await vscode.runCommand(`${await english('category')}: ${await english('command.tryPromptStrategies')}`);
  const page = await vscode.webviewFrame();
  await page.locator('.card .figures').nth(5).waitFor({ timeout: 60_000 });
  await page.locator('body[data-run="idle"]').waitFor();
}

/** One text read by an encoder and a decoder. */
async function compared(vscode: VscodePage): Promise<void> {
  await vscode.openFile('english.md');
  await vscode.toggleSideBar();
  await vscode.selectText('The cat sat on the mat because it was warm.');
  await vscode.runCommand(`${await english('category')}: ${await english('command.compareModels')}`);
  const page = await vscode.webviewFrame();
  await page.locator('body[data-cloze="done"][data-busy="false"]').waitFor({ timeout: 120_000 });
}

/** The same, with another tab of the page on show. */
function comparedIn(tab: RegExp): Shot['steps'] {
  return async (vscode) => {
    await compared(vscode);
    const page = await vscode.webviewFrame();
    await page.getByRole('tab', { name: tab }).click();
  };
}

function inEnglish(vscode: VscodePage): Promise<void> {
  return showAttention(vscode, 'english.md', 'The cat sat on the mat');
}

/** Attention in the document itself, what the heads do beside it. */
async function litUp(vscode: VscodePage): Promise<void> {
  await showAttention(
    vscode,
    'english.md',
    'The red door opens, the green door opens, and the blue door stays shut.',
  );
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: 'Special', exact: true }).click();
  await page.getByRole('button', { name: 'Patterns', exact: true }).click();
  // The mean of the layer spreads over the sentence, where one head often points at a single token.
  await page.locator('vscode-dropdown').nth(2).click();
  await page.getByRole('option', { name: 'Layer: mean of heads' }).click();
  await vscode.runCommand(`${await english('category')}: ${await english('command.lightUpAttention')}`);
}

/** A picture in the left editor, what its patches attend to beside it. */
async function ofImage(vscode: VscodePage): Promise<void> {
  // What shows pictures comes a moment later than the text editor.
  await vscode.openFile('english.md');
  await vscode.settle();
  await vscode.openPicture('images', 'green-house-to-the-left-of-a-purple-moon.png');
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.visualizeImage')}`);
  const page = await vscode.webviewFrame(undefined, 'Attention');
  await page.locator('.patches canvas[data-scale]').waitFor();
  await page.waitForTimeout(500);
}

/** A sentence, what an encoder-decoder makes of it, and which word comes from which. */
async function translated(vscode: VscodePage): Promise<void> {
  await vscode.runCommand(`${await english('category')}: ${await english('command.chooseModel')}`);
  await vscode.pick('scope-seq2seq');
  await showAttention(vscode, 'english.md', 'The cat sat on the mat');
  const page = await vscode.webviewFrame();
  await page.locator('header strong', { hasText: 'scope-seq2seq' }).waitFor({ timeout: 60_000 });
  await page.locator('body[data-state="ready"]').waitFor();
}

function inChinese(vscode: VscodePage): Promise<void> {
  return showAttention(vscode, 'chinese.md', '小猫坐在垫子上，因为那里很暖和。');
}

/** A sentence selected, its attention beside it. */
async function showAttention(vscode: VscodePage, file: string, text: string): Promise<void> {
  await vscode.openFile(file);
  await vscode.toggleSideBar();
  await vscode.selectText(text);
  await vscode.runCommand(`${await english('category')}: ${await english('command.visualizeAttention')}`);
  await vscode.webviewFrame();
}

/** A string of the manifest. The command palette finds a translated command by its English title too. */
async function english(key: string): Promise<string> {
  const strings: unknown = JSON.parse(await readFile(join(root, 'package.nls.json'), 'utf8'));
  return (strings as Record<string, string>)[key] ?? key;
}
