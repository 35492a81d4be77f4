import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { architectureStringsEnglish as architectureStrings } from '../../src/protocol/architectureStrings';
import { compareStringsEnglish as strings } from '../../src/protocol/compareStrings';
import { sampleText } from './compareData';
import type { CompareScenario } from './compareStub';
import { type PageOptions } from './harness';
import { usePages } from './usePages';

const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.compareStub.calls);
const called = (page: Page, call: string): Promise<unknown> =>
  page.waitForFunction((wanted) => window.compareStub.calls.includes(wanted), call);
const without = (template: string): string => template.split('{0}').at(-1)?.split('.')[0] as string;

describe('comparison page, part by part', function () {
  this.timeout(60_000);
  const harness = usePages();

  const open = (tab: string, scenario: CompareScenario = {}, options: PageOptions = {}): Promise<Page> =>
    harness.openCompare({ scenario, locale: 'en', saved: { tab }, ...options });

  it('places, swaps and asks for other models, edits the text, exports in four ways', async () => {
    const page = await open('reading');
    await page.getByLabel(strings.rightModel).selectOption({ label: 'scope-gpt-instruct' });
    await called(page, 'place right scope-gpt-instruct');
    await page.getByLabel(strings.leftModel).selectOption({ label: strings.anotherModel });
    await called(page, 'place left other');
    // Until the host has placed another, the one in use is still named.
    assert.equal(await page.getByLabel(strings.leftModel).inputValue(), '0');
    await page.getByRole('button', { name: strings.swap }).click();
    await page.waitForFunction((label) => {
      const select = document.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`);
      return select?.selectedOptions[0]?.text === 'scope-gpt-instruct';
    }, strings.leftModel);
    await page.getByRole('button', { name: strings.editText }).click();
    const area = page.locator('.text-editor textarea');
    assert.equal(await area.inputValue(), sampleText);
    await area.fill('A new text.');
    await area.press('Control+Enter');
    await called(page, 'text A new text.');
    await area.waitFor({ state: 'detached' });
    for (const name of [
      strings.reportMarkdown,
      strings.reportHtml,
      strings.reportMarkdownZh,
      strings.reportHtmlZh,
    ]) {
      await page.getByRole('button', { name: strings.exportReport }).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    }
    await called(page, 'export html zh');
    const exported = (await calls(page)).filter((call) => call.startsWith('export'));
    assert.deepEqual(exported, ['export md en', 'export html en', 'export md zh', 'export html zh']);
    await page.getByText(strings.saved).waitFor();
  });

  it('says what is being measured, and stops', async () => {
    const page = await open('reading', {
      busy: true,
      states: { reading: 'running', cloze: 'waiting', blank: 'waiting' },
    });
    await page.locator('span.progress', { hasText: strings.partReading }).waitFor();
    await page.locator('[data-part=reading][data-state=running]').waitFor();
    await page
      .getByRole('button', { name: strings.stop })
      .or(page.getByText(strings.stop, { exact: true }))
      .first()
      .click();
    await called(page, 'stop');
    await page.locator('span.progress').waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: strings.tabBlanks }).click();
    const cloze = page.locator('[data-part=cloze][data-state=waiting]');
    await cloze.getByRole('button', { name: strings.measure }).click();
    await called(page, 'run cloze');
    await page.locator('.cloze-table').waitFor();
  });

  it('tells a failure where it happened, and measures again on request', async () => {
    const page = await open('uses', { states: { uses: 'failed', sentences: 'failed' } });
    const failed = page.locator('[data-part=uses][data-state=failed]');
    assert.match((await failed.textContent()) ?? '', /The inference process stopped\./);
    await failed.getByRole('button', { name: strings.retry }).click();
    await called(page, 'run uses');
    await page.locator('[data-method=head]').waitFor();
    assert.equal(await page.locator('[data-part=sentences][data-state=failed]').count(), 1);
    assert.equal(await page.evaluate(() => document.body.dataset['uses']), 'done');
  });

  it('says what is missing and what to do about it, in every tab', async () => {
    const page = await open('blanks', {
      missing: { left: { missing: 'notMasked' }, right: { missing: 'failed', detail: 'Out of paper.' } },
    });
    const said = (text: string): Promise<void> => page.getByText(text).first().waitFor();
    await said('scope-bert has no masked language model head');
    await said(strings.missingFailed.replace('{0}', 'Out of paper.'));
    await page.getByText(strings.nothingPaired).waitFor();
    await page.getByRole('tab', { name: strings.tabReading }).click();
    await said(without(strings.missingNotMasked).trim());
    assert.equal(await page.locator('.plot').count(), 0);
    for (const tab of [strings.tabUses, strings.tabPretraining]) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator('[data-missing=notMasked]').first().waitFor();
      await page
        .locator('[data-missing=failed]')
        .first()
        .getByRole('button', { name: strings.retry })
        .waitFor();
    }
  });

  it('classifies three ways, continues, forces the mask, and tells of sentences', async () => {
    const page = await open('uses');
    assert.match(
      (await page.locator('[data-method=head] .bars').textContent()) ?? '',
      /positive\s*81%\s*negative\s*19%/,
    );
    const zero = page.locator('[data-method=zeroShot]');
    await zero.getByText(strings.showPrompt).click();
    await zero.locator('pre', { hasText: 'Is it positive or negative?' }).waitFor();
    await page.locator('[data-method=fewShot]', { hasText: strings.missingNoModel }).waitFor();
    assert.equal(
      await page.locator('[data-use=continued] mark').textContent(),
      ' The dog sat on the mat and slept.',
    );
    assert.deepEqual(await page.locator('[data-use=forced] .chip').allTextContents(), ['.', '.', '.', 'the']);
    assert.deepEqual(
      (await page.locator('.pairs .measure').allTextContents()).map((text) => text.trim()),
      ['93%', '41%', '7.0%'],
    );
    const mean = page.locator('[data-part=sentences] [data-side=left] .quiet').first();
    assert.match((await mean.textContent()) ?? '', /layer 4\s*·\s*mean between different sentences: 0\.800/);
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await page.waitForFunction(() =>
      document.querySelector('[data-part=sentences] [data-side=left] .quiet')?.textContent.includes('0.400'),
    );
    const chart = await page.locator('.chart').getAttribute('aria-label');
    assert.match(chart ?? '', /scope-bert: 0\.40, 0\.50, 0\.60, 0\.70, 0\.80\. scope-gpt: 0\.93/);
  });

  it('streams a continuation and both answers, then shows the finished ones', async () => {
    const page = await open('pretraining', { states: { chat: 'running', uses: 'running' }, busy: true });
    await page.evaluate(() => {
      window.compareStub.stream('base', 'What is');
      window.compareStub.stream('tuned', 'Pa');
      window.compareStub.stream('continued', ' The dog');
    });
    await page.locator('[data-chat=base] pre', { hasText: 'What is' }).waitFor();
    await page.locator('[data-chat=tuned] pre', { hasText: 'Pa' }).waitFor();
    await page.evaluate(() => {
      window.compareStub.setPart('chat', 'done', true);
    });
    await page.locator('[data-chat=tuned] pre', { hasText: 'Paris.' }).first().waitFor();
    await page.locator('[data-chat=tuned]', { hasText: strings.finishEnd }).waitFor();
    await page.getByRole('tab', { name: strings.tabUses }).click();
    await page.locator('[data-part=uses][data-state=running] mark', { hasText: 'The dog' }).waitFor();
    await page.evaluate(() => {
      window.compareStub.setPart('uses', 'done', false);
    });
    await page.locator('[data-use=continued] mark', { hasText: 'slept' }).waitFor();
  });

  it('masks anew, shows what was done to which token, and the losses of every next one', async () => {
    const page = await open('pretraining');
    const summary = page.locator('.masked-example p').first();
    assert.match(
      (await summary.textContent()) ?? '',
      /Seed 1: 4 of 26 tokens chosen \(15%\)\. 2 masked, 1 replaced/,
    );
    assert.equal(await page.locator('.example .chosen.masked').count(), 2);
    assert.match((await page.locator('.example .chosen.replaced').textContent()) ?? '', /replaced: river/);
    assert.equal(await page.locator('.masked-table tbody tr').count(), 4);
    await page.getByText(strings.maskAgain).click();
    await called(page, 'mask');
    await page.locator('.masked-example p', { hasText: 'Seed 2' }).waitFor();
    const numbers = await page.locator('.losses .number').allTextContents();
    assert.deepEqual(numbers.slice(0, 4), ['–', '1.4', '2.4', '3.4']);
    await page.getByText(/perplexity 10\.1/).waitFor();
  });

  it('asks for a detector of replaced tokens where there is none, and opens the chooser', async () => {
    const page = await open('pretraining');
    const hint = page.locator('.no-detector');
    assert.match((await hint.textContent()) ?? '', /Neither model has a head for this\./);
    await hint.getByRole('button', { name: strings.chooseDetector }).click();
    await called(page, 'place right other');
  });

  it('shows what a detector of replaced tokens finds, and replaces again', async () => {
    const page = await open('pretraining', { detector: true });
    const summary = page.locator('.replaced-tokens p').first();
    const told = (await summary.textContent())?.replace(/\s+/g, ' ') ?? '';
    assert.match(told, /scope-bert redrew 2 of the words; 1 of them came out as a different word\./);
    assert.match(told, /marks 1 of 1 replaced tokens as replaced .* and 1 of the 25 others\./);
    assert.match(told, /right on 25 of 26 tokens \(96%; .*\); marking none would be right on 25\./);
    await page.getByText('1 of 26 tokens are marked as replaced, though none was.').waitFor();
    const line = page.locator('.detected').first();
    const found = line.locator('li.alarm');
    assert.equal(await found.count(), 2);
    const replaced = line.locator('li.changed');
    assert.match((await replaced.textContent()) ?? '', /93%\s*river\s*was “mat”\s*mat/);
    assert.equal(await page.locator('.detected').nth(1).locator('li.changed').count(), 0);
    await page.getByRole('button', { name: strings.replaceAgain }).click();
    await called(page, 'replace');
    await page.locator('.replaced-tokens p', { hasText: 'Seed 2' }).waitFor();
  });

  it('tells how far two masked models agree, and why their distributions are not compared', async () => {
    const page = await open('blanks', { masked: 'sameVocabulary' });
    const view = page.locator('.agreement');
    await view
      .getByText(/they put the same word first for \d+ \(\d+%\), and for \d+ of these it was the right one\./)
      .waitFor();
    await view
      .getByText(/over the 30522 tokens of the vocabulary are a total variation of 0\.\d\d apart/)
      .waitFor();
    const furthest = await view.locator('tbody tr td:last-child').allTextContents();
    assert.equal(furthest[0]?.trim(), '0.46');
    assert.equal(furthest.length, 8);
    await page.evaluate(() => {
      window.compareStub.show({ masked: 'otherVocabulary' });
    });
    await view.getByText('token 1996 is “the” in scope-bert and “##s” in scope-gpt').waitFor();
    assert.equal(await view.locator('table').count(), 0);
    await page.evaluate(() => {
      window.compareStub.show({});
    });
    await view.waitFor({ state: 'detached' });
  });

  it('opens a part of the architecture in the visualizer, adds columns and takes them away', async () => {
    const page = await open('architecture');
    const right = page.locator('.stack-side[data-side=right]');
    await right.getByRole('combobox').selectOption('2');
    await right.getByRole('button', { name: /^Self-attention/ }).press('Enter');
    await called(page, 'visualizer right 2');
    await page.getByRole('button', { name: architectureStrings.archAddColumn }).click();
    await called(page, 'columns add');
    await page.waitForFunction(() => document.querySelectorAll('.properties thead th').length === 4);
    await page.locator('.properties thead button').click();
    await called(page, 'columns 0');
    await page.waitForFunction(() => document.querySelectorAll('.properties thead th').length === 3);
    await page.getByRole('tab', { name: strings.tabHistory }).click();
    await page.locator('.timeline li').first().waitFor();
    await page.locator('.scaling .point').nth(2).waitFor();
    await page.getByRole('tab', { name: strings.tabPretraining }).click();
    // ln 4000, of the architecture's vocabulary.
    await page.getByText(/vocabulary of 4000 would cost 8\.29 nats/).waitFor();
  });

  it('asks both models by Ctrl+Enter and keeps what is being written', async () => {
    const page = await open('pretraining');
    const field = page.getByLabel(strings.chatPrompt, { exact: true });
    assert.equal(await field.inputValue(), 'What is the capital of France?');
    await field.fill('Say hello.');
    await page.evaluate(() => {
      window.compareStub.setPart('uses', 'done', false);
    });
    assert.equal(await field.inputValue(), 'Say hello.');
    await field.press('Control+Enter');
    await called(page, 'chat Say hello.');
    await page.locator('[data-chat=base] details').getByText(strings.asSent).click();
    await page.locator('[data-chat=base] details pre', { hasText: 'Say hello.' }).waitFor();
  });

  it('sends the notes a moment after the last key, and at once when they are left', async () => {
    const page = await open('reading');
    const notes = page.getByLabel(strings.notes);
    await notes.pressSequentially('BERT sees more.', { delay: 5 });
    await called(page, 'notes BERT sees more.');
    assert.equal((await calls(page)).filter((call) => call.startsWith('notes')).length, 1);
    await notes.pressSequentially(' Much');
    await page.keyboard.press('Tab');
    await called(page, 'notes BERT sees more. Much');
    await page.evaluate(() => {
      window.compareStub.setPart('cloze', 'done', false);
    });
    assert.equal(await notes.inputValue(), 'BERT sees more. Much');
  });

  it('tells in the page when the host could not do it', async () => {
    const page = await open('reading', { states: { reading: 'failed' } });
    // The stub's log cannot be opened.
    await page.getByRole('button', { name: strings.openLog }).click();
    await page.locator('.notice', { hasText: strings.failed }).waitFor();
  });

  it('walks the tabs by arrow keys and remembers the last', async () => {
    const page = await open('reading');
    await page.getByRole('tab', { name: strings.tabReading }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('body[data-tab=blanks]').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.locator('body[data-tab=reading]').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-reading');
    const saved = await page.evaluate(() => window.compareStub.saved as { tab: string });
    assert.equal(saved.tab, 'reading');
  });

  it('shows any text as text', async () => {
    const hostile =
      '<img src=x onerror=alert(1)> \u202eevil\u202c {0} שלום עולם 👩‍👩‍👧‍👦 \u0000 naïve ﷽ averyveryverylongwordthatneverends'.padEnd(
        240,
        'z',
      );
    const page = await open('reading', { text: `${hostile}. Second sentence here.` }, { width: 300 });
    for (const tab of ['reading', 'blanks', 'uses', 'pretraining']) {
      await page.locator(`#tab-${tab}`).click();
      await page.locator(`body[data-tab=${tab}]`).waitFor();
      await page.locator('.part[data-state=done]').first().waitFor();
      assert.equal(await page.locator('#root img').count(), 0);
      const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
      assert.ok(fits, tab);
    }
    await page.locator('#tab-reading').click();
    await page.locator('.chip.unknown').first().waitFor();
  });
});
