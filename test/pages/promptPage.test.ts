import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { promptStringsEnglish as strings } from '../../src/protocol/promptStrings';
import { usePages } from './usePages';

const zero = { strategy: 'zero-shot', item: -1, model: 'scope-gpt' };
const card = (page: Page, way: string): ReturnType<Page['locator']> =>
  page.locator(`.card[data-way="${way}"]`);
const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.promptStub.calls);

describe('prompt workbench page', function () {
  this.timeout(60_000);
  const harness = usePages();

  const open = (numItems = 0, answered = false, options: object = {}): Promise<Page> =>
    harness.openPrompts({ scenario: { numItems, answered }, locale: 'en', ...options });

  it('shows six ways of asking, each with its prompt, and marks what zero-shot has not', async () => {
    const page = await open();
    assert.equal(await page.locator('.card[data-way]').count(), 6);
    const prompt = await card(page, 'zero-shot').locator('.prompt').textContent();
    assert.equal(prompt, 'Is it positive or negative?\nInput: The bread was not good at all.\nOutput:');
    assert.equal(await card(page, 'zero-shot').locator('mark').count(), 0);
    assert.equal(await card(page, 'zero-shot+role').locator('mark').textContent(), 'You are an expert.');
    assert.equal(
      await card(page, 'one-shot').locator('mark').textContent(),
      'Input: This cookie is very good.\nOutput: positive\n',
    );
  });

  it('streams an answer into its card, stops it, and shows the finished one with its figures', async () => {
    const page = await open();
    await page.evaluate((cell) => {
      window.promptStub.stream(cell, 'nega');
    }, zero);
    const zeroCard = card(page, 'zero-shot');
    await zeroCard.locator('.answer.running pre', { hasText: 'nega' }).waitFor();
    await zeroCard.getByRole('button', { name: strings.stopAll }).click();
    await zeroCard.locator('.answer.running').waitFor({ state: 'detached' });
    await page.evaluate((cell) => {
      window.promptStub.answerCell(cell, 'negative', true);
    }, zero);
    await zeroCard.locator('.right').waitFor();
    assert.match((await zeroCard.locator('.figures').textContent()) ?? '', /3 tokens in 12 ms/);
    await zeroCard.getByRole('button', { name: strings.judgeWrong }).click();
    await zeroCard.locator('.wrong').waitFor();
    await zeroCard.getByRole('button', { name: strings.attention }).click();
    await zeroCard.getByRole('button', { name: strings.askAgain }).click();
    await page.waitForFunction(() => window.promptStub.calls.length === 4);
    assert.deepEqual(await calls(page), ['stop', 'judge false', 'attention zero-shot', 'run zero-shot -1']);
  });

  it('edits a prompt, goes back, changes shots, adds and removes ways, and undoes it all', async () => {
    const page = await open();
    const zeroCard = card(page, 'zero-shot');
    await zeroCard.getByRole('button', { name: strings.editPrompt }).click();
    await zeroCard.locator('textarea').fill('Just answer.');
    await zeroCard.getByText(strings.applyEdit).click();
    await page.waitForFunction(
      () => window.promptStub.study()?.edited['zero-shot|-1|scope-gpt'] === 'Just answer.',
    );
    await card(page, 'few-shot-3').getByRole('button', { name: strings.moreShots }).click();
    await card(page, 'few-shot-4').waitFor();
    await page.locator('.adder').getByLabel(strings.role).check();
    await page.locator('.adder').getByText(strings.add, { exact: true }).click();
    await card(page, 'few-shot-3+reasoning+role').waitFor();
    await card(page, 'zero-shot+format').getByRole('button', { name: strings.removeWay }).click();
    await card(page, 'zero-shot+format').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await card(page, 'zero-shot+format').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await card(page, 'zero-shot+format').waitFor({ state: 'detached' });
  });

  it('copies in every form and inserts', async () => {
    const page = await open();
    const menu = card(page, 'zero-shot').getByRole('button', { name: strings.use });
    for (const name of [
      strings.copyText,
      strings.copyMessages,
      strings.copyPromptfoo,
      strings.insertPrompt,
    ]) {
      await menu.click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    }
    await page.waitForFunction(() => window.promptStub.calls.length === 4);
    assert.deepEqual(await calls(page), [
      'use prompt copy text',
      'use prompt copy messages',
      'use prompt copy promptfoo',
      'use prompt insert text',
    ]);
    await page.getByText(strings.copied).waitFor();
  });

  it('takes rows typed, pasted and removed', async () => {
    const page = await open(3);
    await page.getByRole('tab', { name: strings.tabData }).click();
    const items = page.locator('.table.items');
    await items.getByLabel(`${strings.expected}, 2`).fill('none');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => window.promptStub.study()?.task.items[1]?.expected === 'none');
    await items.getByRole('button', { name: 'Remove row 1' }).click();
    await page.waitForFunction(() => window.promptStub.study()?.task.items.length === 2);
    await items.getByRole('button', { name: strings.addRow }).click();
    await page.waitForFunction(() => window.promptStub.study()?.task.items.length === 3);
    await items.getByRole('button', { name: strings.paste }).click();
    await items.locator('textarea').fill('a\tb');
    await items.getByText(strings.pasteRows).click();
    await page.getByText('2 rows added, 1 skipped.').waitFor();
    assert.ok((await calls(page)).includes('paste items a\tb'));
  });

  it('keeps 2,400 answers in the page as a few rows, and reaches the last by keyboard', async () => {
    const page = await open(400, true);
    await page.getByRole('tab', { name: strings.tabResults }).click();
    await page.locator('.answer-cell').first().waitFor();
    const inPage = await page.locator('.answer-cell').count();
    assert.ok(inPage > 30 && inPage < 250, `${inPage} cells`);
    await page.locator('[data-at="0/0"]').focus();
    await page.keyboard.press('End');
    await page.locator('[data-at="399/0"]').waitFor();
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-at') === '399/0');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-at') === '399/1');
    await page.keyboard.press('Enter');
    const detail = page.locator('.detail');
    await detail.locator('.prompt', { hasText: 'The soup number 399 was fine.' }).waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
  });

  it('keeps every column of answers under its head, whatever stands in it', async () => {
    for (const width of [400, 1000]) {
      const page = await open(20, true, { width });
      await page.getByRole('tab', { name: strings.tabResults }).click();
      const left = (selector: string): Promise<number[]> =>
        page.$$eval(selector, (all) => all.map((each) => Math.round(each.getBoundingClientRect().left)));
      await page.locator('.answer-grid [aria-rowindex="2"]').waitFor();
      const heads = await left('.answer-grid .head [role="columnheader"]');
      assert.equal(heads.length, 7);
      assert.deepEqual(await left('.answer-grid [aria-rowindex="2"] > *'), heads);
    }
  });

  it('says what to do and draws why, with intervals and the chance of being best; figures lie behind', async () => {
    const page = await open(40, true);
    await page.getByRole('tab', { name: strings.tabResults }).click();
    // Few-shot (3) gets 9 of every 10 right and zero-shot 3.
    const said = (await page.locator('.advice').textContent()) ?? '';
    assert.match(said, /ask with few-shot \(3\)\. It gets \+60 points more right than zero-shot/);
    const best = page.locator('.evidence-row[data-evidence="few-shot-3"]');
    assert.match((await best.textContent()) ?? '', /90%.*\+60.*> 99%/s);
    assert.equal(await best.getByRole('img', { name: strings.winner }).count(), 1);
    assert.equal(await best.locator('svg.gain').count(), 1, 'the interval leaves zero out');
    // The most accurate way is first, whatever its place in the study.
    assert.equal(
      await page.locator('.evidence-row[data-evidence]').first().getAttribute('data-evidence'),
      'few-shot-3',
    );
    await page.getByText(strings.figures).click();
    await page.getByText(/few-shot \(3\) worked best with 36 of 40 right/).waitFor();
    const row = page.locator('.results tr[data-way="few-shot-3"]');
    assert.match((await row.textContent()) ?? '', /90%.*36 of 40.*\+60 \(\+\d+ to \+\d+\), p < 0\.001/s);
    await page.getByRole('button', { name: strings.showFailures }).click();
    await page.locator('.answers h2', { hasText: /\d+/ }).waitFor();
    assert.deepEqual(await calls(page), []);
  });

  it('says at each model where its texts go, what is ignored there and what it costs', async () => {
    const page = await harness.openPrompts({
      scenario: { numItems: 20, answered: true, served: true },
      locale: 'en',
    });
    const ignored = `small@hosted ignores: ${strings.ignoresSystemRole}, ${strings.ignoresSeed}.`;
    const [local, hosted] = [page.locator('.model').nth(0), page.locator('.model').nth(1)];
    assert.match((await local.textContent()) ?? '', /scope-gpt\s+this computer/);
    assert.equal(await local.locator('.ignored').count(), 0);
    assert.match((await hosted.textContent()) ?? '', /small@hosted\s+models\.example\.org/);
    assert.equal(await hosted.getByRole('img').getAttribute('aria-label'), ignored);
    const cell = { ...zero, model: 'small@hosted' };
    const hostedCard = page.locator('.card[data-way="zero-shot"]').nth(1);
    await page.evaluate((asked) => {
      window.promptStub.answerCell(asked, 'negative', true);
    }, cell);
    await hostedCard.locator('.right').waitFor();
    assert.match((await hostedCard.locator('.figures').textContent()) ?? '', /0\.000123 USD/);
    assert.equal(await hostedCard.getByRole('button', { name: strings.attention }).count(), 0);
    await page.getByRole('button', { name: strings.addModel }).click();
    await page.waitForFunction(() => window.promptStub.calls.includes('perform addModel'));
    await page.getByRole('tab', { name: strings.tabResults }).click();
    const head = page.locator('.answer-row.head [role="columnheader"]').last();
    assert.match(
      (await head.getAttribute('title')) ?? '',
      new RegExp(`models\\.example\\.org\\.\n${ignored.slice(0, 12)}`),
    );
    // Twenty answers at this price.
    assert.match((await page.locator('tr[data-way="zero-shot"]').nth(1).textContent()) ?? '', /0\.00246 USD/);
  });

  it('folds repeated answers, flags those that flicker, and judges identical ones together', async () => {
    const page = await harness.openPrompts({
      scenario: { numItems: 20, answered: true, repeats: 5 },
      locale: 'en',
    });
    await page.getByRole('tab', { name: strings.tabResults }).click();
    // Item 0 of zero-shot: 0, 3, 6, 9 and 2 (of tens), of which those below 3 are right.
    const cell = page.locator('[data-at="0/0"]');
    assert.equal(await cell.locator('.times').textContent(), '3/5');
    assert.match((await cell.getAttribute('aria-label')) ?? '', /negative 3\/5, flickers/);
    await cell.click();
    const folds = page.locator('.detail .folds');
    await folds.locator('li').nth(1).waitFor();
    assert.deepEqual(
      (await folds.locator('li .times').allTextContents()).map((text) => text.trim()),
      ['×3', '×2'],
    );
    await folds.locator('li').first().getByRole('button', { name: strings.judgeRight }).click();
    await page.waitForFunction(() => window.promptStub.calls.length === 3);
    assert.deepEqual(await calls(page), ['judge true', 'judge true', 'judge true']);
    await page.getByText(strings.figures).click();
    assert.equal(await page.locator('.stability tbody tr').count(), 6);
  });

  it('asks for what a scorer needs', async () => {
    const page = await open(3);
    await page.locator('.details summary').click();
    const kind = page.getByLabel(strings.scorer);
    await kind.selectOption('javascript');
    await page.getByText(strings.expressionRefused).waitFor();
    await kind.selectOption('judge');
    const prompt = page.getByLabel(strings.judgePrompt);
    assert.match(await prompt.inputValue(), /\{input\}[^]*\{expected\}[^]*\{answer\}/);
    await page.getByRole('button', { name: strings.chooseJudge }).click();
    await page.waitForFunction(() => window.promptStub.calls.includes('perform chooseJudge'));
    await kind.selectOption('choice');
    await page.getByLabel(strings.calibration).selectOption('pmi');
    await page.getByText(strings.pmiHint).waitFor();
    await kind.selectOption('edit');
    await page.getByLabel(strings.threshold).fill('0.9');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => window.promptStub.study()?.task.scorer.threshold === 0.9);
    await page.getByLabel(strings.repeats).fill('5');
    await page.keyboard.press('Tab');
    await page.getByText(strings.repeatsGreedy).waitFor();
    const { scorer, repeats } = await page.evaluate(() => ({
      scorer: window.promptStub.study()?.task.scorer,
      repeats: window.promptStub.study()?.repeats,
    }));
    assert.deepEqual([scorer?.kind, scorer?.threshold, repeats], ['edit', 0.9, 5]);
  });

  it('shows how an answer came about, and moves along its tokens', async () => {
    const page = await open(2, true);
    await page.evaluate((cell) => {
      window.promptStub.answerCell(cell, ' w0 w1', true);
    }, zero);
    await card(page, 'zero-shot').getByRole('button', { name: strings.probabilities }).click();
    const inspect = page.locator('.inspect');
    await inspect.locator('.answer-token').nth(1).waitFor();
    assert.match(
      (await inspect.locator('.answer-token').first().getAttribute('title')) ?? '',
      /60\.0%, entropy 1\.25/,
    );
    await inspect.locator('.answer-tokens').focus();
    await page.keyboard.press('ArrowRight');
    await inspect.locator('.answer-token[aria-selected="true"]', { hasText: 'w1' }).waitFor();
    assert.equal(await inspect.locator('.heads td').count(), 2);
    assert.match(
      (await inspect.locator('.heads td').nth(1).getAttribute('title')) ?? '',
      /head 1: 60% .* on input/,
    );
  });

  it('begins with a bundled task when there is nothing yet', async () => {
    const page = await harness.openPrompts({ scenario: null, locale: 'en' });
    await page.getByRole('button', { name: /Word problems/ }).click();
    await page.locator('.card[data-way="zero-shot"]').waitFor();
    assert.deepEqual(await calls(page), ['task arithmetic-en']);
  });

  it('says of a suite’s file that it is empty, or what is wrong in which line', async () => {
    const suite = { name: 'mails.prompts.yaml', isEmpty: true, problems: [] };
    const empty = await harness.openPrompts({ scenario: null, locale: 'en', suite });
    await empty.getByRole('button', { name: strings.beginSuite }).click();
    assert.equal(await empty.title(), 'mails.prompts.yaml');
    const problems = [{ message: 'Expected here: one of classify, extract.', line: 5 }];
    const broken = await harness.openPrompts({
      scenario: null,
      locale: 'en',
      suite: { ...suite, isEmpty: false, problems },
    });
    await broken.getByRole('alert').getByText('Expected here: one of classify, extract.').waitFor();
    await broken.getByRole('button', { name: 'Line 5' }).click();
    await broken.getByRole('button', { name: strings.openAsText }).click();
    // Undo is the editor's: it hears the key as well, and would undo twice.
    await broken.keyboard.press('Control+z');
    await broken.waitForFunction(() => window.promptStub.calls.length === 2);
    assert.deepEqual(await calls(broken), ['line 5', 'perform openAsText']);
  });

  it('shows text as text', async () => {
    const input = '<img src=x onerror="document.title=1"> \u202eright to left\u202c 🤖';
    const page = await harness.openPrompts({ scenario: { numItems: 0, input }, locale: 'en' });
    assert.ok((await card(page, 'zero-shot').locator('.prompt').textContent())?.includes(input));
    assert.equal(await page.locator('img').count(), 0);
  });
});
