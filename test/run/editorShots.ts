import { type Shot, catSentence, chineseCatSentence, english, manifestText, wide } from './shot';
import type { VscodePage } from './vscodePage';

const low = { width: 1100, height: 520 };

const englishSentences = ['The keys to the cabinet in the hall are missing.', catSentence];
const chineseSentences = ['这个瓶子放不进包里，因为它太大了。', chineseCatSentence];

/** Pictures of what is seen in the editor and beside it: colours in a text, the side bar, the walkthrough; and of VS Code in the browser. */
export const editorShots: readonly Shot[] = [
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
    steps: withEmptyLists('chinese.md', chineseCatSentence, '.zh-cn'),
  },
  { name: 'sidebar-inspect', theme: 'dark', viewport: wide, steps: sideBar('english.md', catSentence) },
  {
    name: 'sidebar-zh',
    theme: 'light',
    locale: 'zh-cn',
    viewport: wide,
    steps: sideBar('chinese.md', chineseCatSentence),
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

/** The extension's own side bar beside a selected sentence, when everything of it is measured. */
function sideBar(file: string, text: string): Shot['steps'] {
  return async (vscode) => {
    await vscode.openFile(file);
    await vscode.selectText(text);
    await vscode.page.locator('.activitybar [aria-label^="Transformer Scope"]').first().click();
    await measured(vscode);
  };
}

/** Waits until the side bar knows everything of the selection. */
async function measured(vscode: VscodePage): Promise<void> {
  const last = 'section[data-part="sentiment"][data-state="done"]';
  const deadline = Date.now() + 60_000;
  for (;;) {
    const counts = vscode.page.frames().map((frame) =>
      frame
        .locator(last)
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
    await measured(vscode);
  };
}
