import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { attentionStringsEnglish as strings } from '../../src/protocol/attentionStrings';
import { usePages } from './usePages';
import { type Scenario, pair, sentence, translation } from './madeUpRun';

/** The logit lens under the predictions of the attention page. */

const scenario: Scenario = { words: sentence, layers: 3, heads: 4 };

describe('the layers under a prediction', function () {
  this.timeout(30_000);
  const harness = usePages();

  const predict = async (shown: Scenario, token: number): Promise<Page> => {
    const page = await harness.open({ state: { kind: 'ready', scenario: shown } });
    await page.locator(`#token-${token}`).dblclick();
    await page.locator('.predictions').waitFor();
    return page;
  };
  const opener = (page: Page): Locator => page.getByRole('button', { name: strings.lensOpen, exact: true });
  const asked = async (page: Page): Promise<string[]> =>
    (await page.evaluate(() => window.stub.calls)).filter((call) => call.startsWith('layers'));
  const cellsOf = (row: Locator): Promise<string[]> => row.locator('th, td').allInnerTexts();

  it('costs nothing until it is opened, and answers row by row', async () => {
    const page = await predict(scenario, 4);
    assert.deepEqual(await asked(page), []);
    assert.equal(await opener(page).getAttribute('aria-expanded'), 'false');
    await opener(page).focus();
    await page.keyboard.press('Enter');
    await page.getByText(strings.predicting).waitFor();
    const table = page.getByRole('table');
    await table.waitFor();
    assert.deepEqual(await asked(page), ['layers 4']);
    assert.equal(await opener(page).getAttribute('aria-expanded'), 'true');
    const places = [1, 2, 3].map((place) => strings.lensPlace.replace('{0}', String(place)));
    assert.deepEqual(await table.getByRole('columnheader').allInnerTexts(), [
      strings.layer,
      ...places,
      strings.lensBits,
      strings.lensRank,
    ]);
    assert.deepEqual(await table.getByRole('rowheader').allInnerTexts(), [
      strings.lensEmbedding,
      '0',
      '1',
      strings.lensOwn,
    ]);
    assert.deepEqual(await cellsOf(table.getByRole('row').last()), [
      strings.lensOwn,
      'word0\n50.00%',
      'word1\n25.00%',
      'word2\n12.50%',
      '9.0',
      '997',
    ]);
    await page.getByText(strings.lensRankHint.replace('{0}', 'on')).waitFor();
    assert.equal(await table.locator('.actual').count(), 4);
  });

  it('goes with the predictions to another token while it is open, and only then', async () => {
    const page = await predict({ ...scenario, causal: true }, 4);
    await opener(page).click();
    await page.getByRole('table').waitFor();
    // What would be drawn is another question to the same answer of the layers.
    await page.getByLabel(strings.temperature).fill('2');
    await page.getByLabel(strings.temperature).press('Enter');
    await page.getByText(strings.drawnColumn).waitFor();
    assert.deepEqual(await asked(page), ['layers 4']);
    await page.locator('#token-6').dblclick();
    await page.getByText(strings.lensRankHint.replace('{0}', 'because')).waitFor();
    await page.locator(`#token-${sentence.length - 1}`).dblclick();
    await page.getByText(strings.expectedAfter.replace('{0}', '[SEP]')).waitFor();
    await page.getByRole('columnheader', { name: strings.lensRank }).waitFor({ state: 'detached' });
    await page.getByRole('table').waitFor();
    assert.equal(await page.getByRole('columnheader', { name: strings.lensRank }).count(), 0);
    await opener(page).click();
    await page.getByRole('table').waitFor({ state: 'detached' });
    await page.locator('#token-4').dblclick();
    await page.getByText(strings.expectedAfter.replace('{0}', 'on')).waitFor();
    assert.deepEqual(await asked(page), ['layers 4', 'layers 6', `layers ${sentence.length - 1}`]);
  });

  it('says in place why a model shows no layers, and asks again when opened again', async () => {
    const page = await predict(scenario, 4);
    await page.evaluate(() => (window.stub.refuseLayers = 'the head was not found'));
    await opener(page).click();
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert.equal(await alert.innerText(), `${strings.lensFailed} the head was not found`);
    assert.equal(await page.locator('.predictions').count(), 1);
    await page.evaluate(() => (window.stub.refuseLayers = undefined));
    await opener(page).click();
    await opener(page).click();
    await page.getByRole('table').waitFor();
    assert.equal(await alert.count(), 0);
  });

  it('is offered for one text only', async () => {
    const ofPair = await predict(pair, 4);
    assert.equal(await opener(ofPair).count(), 0);
    const stacked = await harness.open({ state: { kind: 'ready', scenario: translation } });
    await stacked.locator('#token-4').dblclick();
    assert.equal(await opener(stacked).count(), 0);
  });

  it('tells in the help whose idea it is', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario } });
    await page.locator(`.header vscode-button[title="${strings.help}"]`).click();
    await page.locator('.help', { hasText: 'nostalgebraist 2020' }).waitFor();
  });
});
