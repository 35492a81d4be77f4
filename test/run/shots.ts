import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { root, sampleDir } from './paths';
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
  /** In the web worker extension host, as on vscode.dev. */
  readonly inBrowser?: boolean;
  /** What is done in the open workbench before the picture is taken. */
  readonly steps: (vscode: VscodePage) => Promise<void>;
}

const wide = { width: 1400, height: 900 };
const narrow = { width: 900, height: 900 };
const tall = { width: 1400, height: 1250 };
const low = { width: 1100, height: 520 };

const englishSentences = [
  'The keys to the cabinet in the hall are missing.',
  'The cat sat on the mat because it was warm.',
];
const chineseSentences = ['这个瓶子放不进包里，因为它太大了。', '小猫坐在垫子上，因为那里很暖和。'];

const catSentence = 'The cat sat on the mat because it was warm.';

export const shots: readonly Shot[] = [
  { name: 'attention-dark', theme: 'dark', viewport: wide, steps: inEnglish },
  { name: 'attention-light', theme: 'light', viewport: wide, steps: inEnglish },
  { name: 'attention-hc', theme: 'high-contrast', viewport: wide, steps: inEnglish },
  { name: 'attention-zh', theme: 'dark', locale: 'zh-cn', viewport: wide, steps: inChinese },
  { name: 'attention-number', theme: 'dark', viewport: wide, steps: takenApart },
  { name: 'effects-dark', theme: 'dark', viewport: wide, steps: switchedOff },
  { name: 'effects-example', theme: 'light', viewport: tall, steps: exampleOpened() },
  { name: 'effects-hc', theme: 'high-contrast', viewport: wide, steps: switchedOff },
  { name: 'effects-zh', theme: 'dark', locale: 'zh-cn', viewport: tall, steps: exampleOpened('.zh-cn') },
  { name: 'attention-steps', theme: 'light', viewport: wide, steps: partOf('norm:feedForward') },
  { name: 'attention-forward', theme: 'dark', viewport: wide, steps: partOf('forward') },
  {
    name: 'attention-positions',
    theme: 'dark',
    viewport: { width: 1400, height: 1300 },
    steps: partOf('positions'),
  },
  { name: 'attention-steps-hc', theme: 'high-contrast', viewport: wide, steps: partOf('heads:self') },
  { name: 'attention-steps-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: partOfChinese },
  { name: 'attention-glow', theme: 'light', viewport: wide, steps: litUp },
  {
    name: 'browser-dark',
    theme: 'dark',
    inBrowser: true,
    viewport: wide,
    steps: withEmptyLists('english.md', catSentence, ''),
  },
  {
    name: 'browser-zh',
    theme: 'light',
    inBrowser: true,
    locale: 'zh-cn',
    viewport: wide,
    steps: withEmptyLists('chinese.md', '小猫坐在垫子上，因为那里很暖和。', '.zh-cn'),
  },
  { name: 'attention-narrow', theme: 'dark', viewport: narrow, steps: inEnglish },
  { name: 'compare-dark', theme: 'dark', viewport: wide, steps: compared },
  { name: 'compare-architecture', theme: 'light', viewport: wide, steps: comparedIn(/Architecture/) },
  { name: 'compare-hc', theme: 'high-contrast', viewport: wide, steps: compared },
  { name: 'compare-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: comparedInChinese },
  { name: 'attention-image', theme: 'dark', viewport: wide, steps: ofImage },
  { name: 'attention-translation', theme: 'light', viewport: wide, steps: translated },
  { name: 'sidebar-inspect', theme: 'dark', viewport: wide, steps: sideBar('english.md', catSentence) },
  {
    name: 'sidebar-zh',
    theme: 'light',
    locale: 'zh-cn',
    viewport: wide,
    steps: sideBar('chinese.md', '小猫坐在垫子上，因为那里很暖和。'),
  },
  { name: 'sidebar-hc', theme: 'high-contrast', viewport: wide, steps: sideBar('english.md', catSentence) },
  { name: 'walkthrough', theme: 'dark', viewport: wide, steps: walkedThrough },
  {
    name: 'sidebar-dark',
    theme: 'dark',
    viewport: wide,
    steps: listed('english.md', englishSentences, ''),
  },
  {
    name: 'sidebar-models-zh',
    theme: 'light',
    locale: 'zh-cn',
    viewport: wide,
    steps: listed('chinese.md', chineseSentences, '.zh-cn'),
  },
  { name: 'images-dark', theme: 'dark', viewport: wide, steps: classified },
  { name: 'images-search', theme: 'light', viewport: wide, steps: searched },
  { name: 'images-captions', theme: 'high-contrast', viewport: wide, steps: captioned },
  { name: 'images-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: classified },
  { name: 'prompts-dark', theme: 'dark', viewport: wide, steps: asked },
  { name: 'prompts-hc', theme: 'high-contrast', viewport: wide, steps: asked },
  { name: 'prompts-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: askedInChinese },
  { name: 'prompts-results', theme: 'light', viewport: wide, steps: tested },
  { name: 'prompts-history', theme: 'dark', viewport: wide, steps: askedTwice },
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
  { name: 'train-dark', theme: 'dark', viewport: wide, steps: trained },
  { name: 'train-light', theme: 'light', viewport: wide, steps: trainedTwice },
  { name: 'train-hc', theme: 'high-contrast', viewport: wide, steps: trained },
  { name: 'train-zh', theme: 'light', locale: 'zh-cn', viewport: wide, steps: trainedTwice },
  { name: 'train-narrow', theme: 'dark', viewport: { width: 420, height: 1100 }, steps: trained },
  { name: 'suite-grid', theme: 'dark', viewport: wide, steps: suiteBesideText },
  { name: 'suite-testing', theme: 'light', viewport: wide, steps: suiteTested },
  { name: 'prompts-narrow', theme: 'dark', viewport: narrow, steps: asked },
  { name: 'tokens', theme: 'light', viewport: low, steps: tokenised },
  {
    name: 'sentiment',
    theme: 'dark',
    viewport: low,
    steps: judged(
      'english.md',
      'The acting is wonderful and the music is beautiful, but the story is dull and far too long.',
    ),
  },
  {
    name: 'sentiment-zh',
    theme: 'dark',
    locale: 'zh-cn',
    viewport: low,
    steps: judged('chinese.md', '房间很脏，服务员态度也很差，不过早餐非常好吃。'),
  },
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
  await vscode.page.locator('.statusbar-item', { hasText: /· \d{2,3} tokens/ }).waitFor({ timeout: 60_000 });
}

/** A tiny model that has learnt to reverse. */
async function trained(vscode: VscodePage): Promise<void> {
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.trainTinyModel')}`);
  const page = await vscode.webviewFrame();
  await train(page, 180);
}

/** One head and four at the same task; the curve of the first stays. */
async function trainedTwice(vscode: VscodePage): Promise<void> {
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.trainTinyModel')}`);
  const page = await vscode.webviewFrame();
  for (const experiment of ['sortOneHead', 'sortFourHeads']) {
    await page.locator('.experiment select').selectOption(experiment);
    await train(page, 150);
  }
}

/** Presses the first button, Start or Pause, and again at a step. */
async function train(page: Frame, step: number): Promise<void> {
  await page.locator('body[data-run="paused"][data-step="0"]').waitFor();
  await page.locator('.run vscode-button').first().click();
  await page.waitForFunction((wanted) => Number(document.body.dataset['step']) >= wanted, step);
  await page.locator('.run vscode-button').first().click();
  await page.locator('body[data-run="paused"]').waitFor();
}

const problem = 'Tom has 7 apples. Tom buys 5 more. Tom eats 3. How many apples does Tom have now?';

/** The borders of tokens. */
async function tokenised(vscode: VscodePage): Promise<void> {
  await vscode.openFile('english.md');
  await vscode.toggleSideBar();
  // Without a selection the paragraph is taken.
  await vscode.selectText('keys to the cabinet');
  await vscode.page.keyboard.press('ArrowRight');
  await vscode.runCommand(`${await english('category')}: ${await english('command.showTokens')}`);
  await vscode.page.locator('.codelens-decoration', { hasText: 'tokens' }).waitFor();
}

/** What each word contributes to a text's sentiment. */
function judged(file: string, text: string): Shot['steps'] {
  return async (vscode) => {
    await vscode.openFile(file);
    await vscode.toggleSideBar();
    await vscode.selectText(text);
    await vscode.runCommand(`${await english('category')}: ${await english('command.classifySentiment')}`);
    await vscode.page.locator('.codelens-decoration', { hasText: 'scope-bert-sentiment' }).waitFor();
    // The selection would cover the colours.
    await vscode.page.keyboard.press('ArrowRight');
  };
}

/** A problem selected, asked in six ways. */
function asked(vscode: VscodePage): Promise<void> {
  return tryPrompts(vscode, 'english.md', problem);
}

function askedInChinese(vscode: VscodePage): Promise<void> {
  return tryPrompts(vscode, 'chinese.md', '小明有9个球，丢了4个，又买了6个，小明现在有几个球？');
}

const mails = `transformerScope: 1
title: Mails
task:
  kind: classify
  labels: [positive, negative]
  examples:
    - { input: "This cookie is very good.", output: positive }
    - { input: "What a boring house!", output: negative }
  items:
    - { input: "The soup was wonderful.", expected: positive }
    - { input: "I think the bread is awful.", expected: negative }
    - { input: "The garden was beautiful.", expected: positve }
strategies: [zero-shot, few-shot-2, zero-shot+role]
threshold: { few-shot-2: 0.9 }
`;

/** A suite as text with what is wrong in it, and as the grid. */
async function suiteBesideText(vscode: VscodePage): Promise<void> {
  await openMails(vscode);
  await vscode.toggleSideBar();
  await vscode.runCommand('View: Split Editor Right');
  await vscode.runCommand(`${await english('category')}: ${await english('command.openSuiteAsGrid')}`);
  const page = await vscode.webviewFrame();
  await page.locator('.card .prompt').nth(2).waitFor({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Data' }).click();
}

/** The same in the Testing view, after it was run. */
async function suiteTested(vscode: VscodePage): Promise<void> {
  await openMails(vscode);
  await vscode.runCommand('Test: Run All Tests');
  await vscode.runCommand('View: Show Testing');
  await vscode.page.locator('.test-explorer .monaco-list-row').first().waitFor();
  await vscode.runCommand('Test: Go to Next Test Failure');
}

/** The file is in the sample workspace for as long as the pictures are taken. */
async function openMails(vscode: VscodePage): Promise<void> {
  const path = join(sampleDir, 'mails.prompts.yaml');
  await writeFile(path, mails);
  process.once('exit', () => rmSync(path, { force: true }));
  await vscode.openFile('mails.prompts.yaml');
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

/** The same input under two instructions, and what came of the change. */
async function askedTwice(vscode: VscodePage): Promise<void> {
  await asked(vscode);
  const page = await vscode.webviewFrame();
  const instruction = page.getByLabel('Instruction');
  await instruction.fill('Work out the number.');
  await instruction.press('Tab');
  await page.getByRole('button', { name: 'Ask All Ways' }).click();
  await page.getByRole('tab', { name: 'History' }).click();
  await page.locator('.run').nth(1).waitFor({ timeout: 120_000 });
  await page.locator('body[data-run="idle"]').waitFor({ timeout: 120_000 });
  await page.locator('.run input').nth(1).check();
  await page.locator('.run input').first().check();
  await page.locator('.compared').first().waitFor();
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
function compared(vscode: VscodePage): Promise<void> {
  return compareText(vscode, 'english.md', 'The cat sat on the mat because it was warm.');
}

/** Every word as a blank, in Chinese. */
async function comparedInChinese(vscode: VscodePage): Promise<void> {
  await compareText(vscode, 'chinese.md', '小猫坐在垫子上，因为那里很暖和。');
  const page = await vscode.webviewFrame();
  await page.getByRole('tab', { name: '填空' }).click();
}

async function compareText(vscode: VscodePage, file: string, text: string): Promise<void> {
  await vscode.openFile(file);
  await vscode.toggleSideBar();
  await vscode.selectText(text);
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

/** One weight of a head, step by step. */
async function takenApart(vscode: VscodePage): Promise<void> {
  await showAttention(vscode, 'english.md', 'The cat sat on the mat because it was warm.');
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: 'One Number', exact: true }).click();
  await page.locator('.number-choosers select').first().selectOption('8');
  await page.locator('.number-choosers select').last().selectOption('7');
  await page.locator('.terms').waitFor();
}

/** Which heads a masked word depends on; two are switched off. */
async function switchedOff(vscode: VscodePage): Promise<void> {
  await showAttention(vscode, 'english.md', catSentence);
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: 'Effects', exact: true }).click();
  await page.locator('.target select').first().selectOption('7');
  await page.locator('.ranked tbody tr').first().waitFor();
  for (const row of [0, 1]) {
    await page.locator('.ranked tbody button.link').nth(row).click();
  }
  await page.locator('.values tbody tr').first().waitFor();
  await page.locator('.sides').scrollIntoViewIfNeeded();
}

/** What the command shows with the bundled models: a task that they do, with figures of both. */
function exampleOpened(language: '' | '.zh-cn' = ''): (vscode: VscodePage) => Promise<void> {
  return async (vscode) => {
    await vscode.openFile('english.md');
    await vscode.toggleSideBar();
    const [category, title] = [
      await manifestText('category', language),
      await manifestText('command.exploreIoi', language),
    ];
    await vscode.runCommand(`${category}: ${title}`);
    const page = await vscode.webviewFrame();
    await page.locator('.example strong').first().waitFor({ timeout: 60_000 });
    await page.locator('.example').first().getByRole('button').last().click();
    await page.locator('.example strong').nth(1).waitFor({ timeout: 60_000 });
    await page.locator('.causes .map').waitFor();
    await page.locator('.direct .map').waitFor();
    await page.locator('.sides').scrollIntoViewIfNeeded();
  };
}

/** A part of the layer in which that head is. */
function partOf(part: string): Shot['steps'] {
  return async (vscode) => {
    await takenApart(vscode);
    await openPart(vscode, part);
  };
}

async function partOfChinese(vscode: VscodePage): Promise<void> {
  await inChinese(vscode);
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: '一个数字', exact: true }).click();
  await openPart(vscode, 'forward');
}

async function openPart(vscode: VscodePage, part: string): Promise<void> {
  const page = await vscode.webviewFrame();
  await page.locator(`.block-map [data-part="${part}"]`).click();
  await page.locator(`.part-step[data-step="${part}"] h3`).waitFor();
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

/** All sample pictures, chosen in the explorer, and which of eight captions fits each. */
async function classified(vscode: VscodePage): Promise<void> {
  const [first, last] = ['big-blue-heart-in-the-middle.png', 'two-orange-fish.png'];
  await vscode.openPicture('images', first);
  const row = vscode.page.locator('.explorer-folders-view .monaco-list-row');
  await row.filter({ hasText: last }).click({ modifiers: ['Shift'] });
  const key = 'command.classifyImage';
  const title = new RegExp(`${await english(key)}|${await manifestText(key, '.zh-cn')}`);
  await vscode.chooseIn(row.filter({ hasText: last }), title);
  const page = await vscode.webviewFrame();
  await page.getByRole('button', { name: /scope-clip/ }).click();
  await page
    .locator('body[data-run="idle"] .pictures .card:nth-child(8) .scores')
    .waitFor({ timeout: 60_000 });
  await vscode.toggleSideBar();
  await page.locator('.thumb canvas[data-state="shown"]').nth(3).waitFor();
}

/** The pictures of the folder that fit a text. */
async function searched(vscode: VscodePage): Promise<void> {
  await vscode.openFile('english.md');
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.findImages')}`);
  const page = await vscode.webviewFrame();
  await page.getByLabel('What to look for').fill('a red thing on the right');
  await page.locator('.found .thumb canvas[data-state="shown"]').nth(7).waitFor({ timeout: 60_000 });
}

/** One picture, and texts in the order in which they fit it. */
async function captioned(vscode: VscodePage): Promise<void> {
  await vscode.openFile('english.md');
  await vscode.settle();
  await vscode.openPicture('images', 'green-house-to-the-left-of-a-purple-moon.png');
  await vscode.toggleSideBar();
  await vscode.runCommand(`${await english('category')}: ${await english('command.findTexts')}`);
  const page = await vscode.webviewFrame();
  const texts = [
    'a purple moon to the left of a green house',
    'a green house to the left of a purple moon',
    'a green moon to the left of a purple house',
    'a green house above a purple moon',
    'a red tree',
    '一座绿色的房子在一个紫色的月亮左边',
  ];
  await page.locator('textarea').fill(texts.join('\n'));
  await page.locator('.ranked li').nth(5).waitFor({ timeout: 60_000 });
  await page.locator('.thumb canvas[data-state="shown"]').waitFor();
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

/** The extension's own side bar beside a selected sentence, when everything of it is measured. */
function sideBar(file: string, text: string): Shot['steps'] {
  return async (vscode) => {
    await vscode.openFile(file);
    await vscode.selectText(text);
    await vscode.page.locator('.activitybar [aria-label^="Transformer Scope"]').first().click();
    const measured = 'section[data-part="sentiment"][data-state="done"]';
    const deadline = Date.now() + 60_000;
    for (;;) {
      const counts = vscode.page.frames().map((frame) =>
        frame
          .locator(measured)
          .count()
          .catch(() => 0),
      );
      if ((await Promise.all(counts)).some((count) => count > 0)) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error('The side bar did not measure the selection.');
      }
      await vscode.page.waitForTimeout(200);
    }
  };
}

/** The first steps, as VS Code offers them to whoever has just installed the extension. */
async function walkedThrough(vscode: VscodePage): Promise<void> {
  await vscode.toggleSideBar();
  await vscode.runCommand('Welcome: Open Walkthrough');
  await vscode.pick('Look Inside a Transformer');
  await vscode.page.locator('.getting-started-step.expanded').waitFor();
  await vscode.page.waitForTimeout(1500);
}

/** Models of which some are loaded, and what was looked at; without the views that other pictures show. */
function listed(file: string, sentences: readonly string[], language: '' | '.zh-cn'): Shot['steps'] {
  return async (vscode) => {
    const { page } = vscode;
    await vscode.openFile(file);
    for (const sentence of sentences) {
      await vscode.selectText(sentence);
      await vscode.runCommand(`${await english('category')}: ${await english('command.visualizeAttention')}`);
      await vscode.webviewFrame();
      await vscode.settle();
    }
    await page.locator('.activitybar [aria-label^="Transformer Scope"]').first().click();
    const toggle = async (view: string, from: 'true' | 'false'): Promise<void> => {
      const name = await manifestText(`view.${view}`, language);
      await page.locator(`.pane-header[aria-expanded="${from}"]`, { hasText: name }).click();
    };
    await toggle('inspect', 'true');
    await toggle('learn', 'true');
    await toggle('models', 'false');
    await toggle('history', 'false');
    const row = page.locator('.monaco-list-row', { hasText: 'scope-gpt' }).first();
    await row.hover();
    await row.locator('.action-item a.codicon-arrow-circle-up').click();
    await page.locator('.monaco-list-row .codicon-circle-filled').nth(1).waitFor();
  };
}

/** Attention without a machine: beside it what lists models and the history, which say what is missing. */
function withEmptyLists(file: string, text: string, language: '' | '.zh-cn'): Shot['steps'] {
  return async (vscode) => {
    const { page } = vscode;
    await vscode.openFile(file);
    await vscode.selectText(text);
    await vscode.runCommand(`${await english('category')}: ${await english('command.visualizeAttention')}`);
    await vscode.webviewFrame();
    await page.locator('.activitybar [aria-label^="Transformer Scope"]').first().click();
    for (const view of ['models', 'history']) {
      const name = await manifestText(`view.${view}`, language);
      await page.locator('.pane-header[aria-expanded="false"]', { hasText: name }).click();
    }
  };
}

/** A string of the manifest. The command palette finds a translated command by its English title too. */
function english(key: string): Promise<string> {
  return manifestText(key, '');
}

async function manifestText(key: string, language: '' | '.zh-cn'): Promise<string> {
  const strings: unknown = JSON.parse(await readFile(join(root, `package.nls${language}.json`), 'utf8'));
  return (strings as Record<string, string>)[key] ?? key;
}
