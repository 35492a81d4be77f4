import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { frames, hoverCell } from './gestures';
import { usePages } from './usePages';
import { type Scenario, sentence } from './madeUpRun';

/** A run or a comparison that was kept is opened where the reader was. */

const scenario: Scenario = { words: sentence, layers: 3, heads: 4 };
const other: Scenario = { words: ['[CLS]', 'another', 'text', '[SEP]'], layers: 3, heads: 4 };

type Look = Readonly<Record<string, unknown>>;

describe('what is opened again', function () {
  this.timeout(60_000);
  const harness = usePages();

  const looks = (page: Page): Promise<{ runId: number; look: Look }[]> =>
    page.evaluate(() => window.stub.looks as { runId: number; look: Look }[]);
  const show = async (page: Page, shown: Scenario): Promise<void> => {
    const before = (await looks(page)).length;
    await page.evaluate((next) => {
      window.stub.show({ kind: 'ready', scenario: next });
    }, shown);
    await page.waitForFunction((count) => window.stub.looks.length > count, before);
    await page.waitForSelector('body[data-state="ready"]');
    await frames(page);
  };

  it('shows the head, the tab, the lens and the pins that the page had told', async () => {
    const saved = { layer: 1, head: 2 };
    const page = await harness.open({ state: { kind: 'ready', scenario }, saved, width: 400 });
    const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
    assert.deepEqual(
      (await looks(page)).map(({ look }) => [look['layer'], look['head'], look['tab']]),
      [[1, 2, 'matrix']],
      'where a run is opened is told at once',
    );
    await hoverCell(page, 5, 7, sentence.length);
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForSelector('#token-5.pinned');
    await button('Special').click();
    await button('Lines').click();
    await frames(page);
    const kept = (await looks(page)).at(-1)?.look as Look;
    assert.deepEqual([kept['layer'], kept['head'], kept['tab'], kept['pinned']], [1, 2, 'lines', [5]]);

    // The reader goes on to another text, and elsewhere in it.
    await show(page, other);
    await button('Matrix').click();
    await button('Special').click();
    assert.equal(await page.locator('.pinned').count(), 0);

    await show(page, { ...scenario, openLook: kept });
    await page.waitForSelector('#token-4.pinned, #token-5.pinned');
    assert.equal(await button('Lines').getAttribute('aria-pressed'), 'true');
    assert.equal(await button('Special').getAttribute('aria-pressed'), 'true');
    const told = (await looks(page)).at(-1);
    assert.deepEqual(told?.look, kept);
  });

  it('believes nothing of a look that is none', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario }, saved: { layer: 1, head: 2 } });
    for (const openLook of ['x', 7, [], { layer: -1, head: 'a', tab: 'b', pinned: [99, -3], lens: 4 }]) {
      await show(page, { ...scenario, openLook });
      const look = (await looks(page)).at(-1)?.look as { layer: number; head: number; tab: string };
      assert.ok(look.layer >= 0 && look.layer < 3 && look.head >= 0 && look.head < 4);
      assert.equal(look.tab, 'matrix');
    }
  });

  it('keeps as a file what is on show when the host asks for it', async () => {
    const page = await harness.open({ state: { kind: 'ready', scenario }, saved: { layer: 1, head: 2 } });
    assert.equal(await page.evaluate(() => window.stub.saveView('json')), true);
    const file = await page.evaluate(() => new TextDecoder().decode(window.stub.exported));
    assert.equal((JSON.parse(file) as { layer: number }).layer, 1);
  });

  it('opens a comparison at the tab, the layer and the head', async () => {
    const page = await harness.openCompare({ scenario: {}, locale: 'en', saved: { tab: 'blanks' } });
    const told = (): Promise<Look[]> => page.evaluate(() => window.compareStub.looks as Look[]);
    assert.equal((await told()).at(-1)?.['tab'], 'blanks');
    await page.getByRole('tab', { name: 'Architecture' }).click();
    await frames(page);
    const kept = (await told()).at(-1) as Look;
    assert.equal(kept['tab'], 'architecture');
    await page.getByRole('tab', { name: 'Reading' }).click();
    await page.evaluate((openLook) => {
      window.compareStub.show({ openLook });
    }, kept);
    await page.locator('[role="tab"][aria-selected="true"]', { hasText: 'Architecture' }).waitFor();
    assert.deepEqual((await told()).at(-1), kept);
  });
});
