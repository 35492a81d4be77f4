import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { course } from '../../src/learn/chapters';
import type { InspectSnapshot } from '../../src/protocol/inspectPage';
import { inspectStringsEnglish } from '../../src/protocol/inspectStrings';
import { learnStringsEnglish } from '../../src/protocol/learnStrings';
import { usePages } from './usePages';
import { emptyInspect, lessons, measuredInspect } from './sideStates';

const calls = (page: Page): Promise<string[]> => page.evaluate(() => window.sideStub.calls);

const empty = emptyInspect();
const measured = measuredInspect;

describe('pages of the side bar', function () {
  this.timeout(60_000);
  const harness = usePages();

  const learn = (numDone: number, options: object = {}): Promise<Page> =>
    harness.openSide('learn', { learn: lessons(numDone) }, { width: 300, ...options });
  const inspect = (snapshot: InspectSnapshot, options: object = {}): Promise<Page> =>
    harness.openSide('inspect', { inspect: snapshot }, { width: 300, ...options });

  describe('Learn', () => {
    it('opens the first step that is not done, and does it', async () => {
      const page = await learn(2);
      const open = page.locator('[aria-expanded="true"]');
      assert.equal((await open.textContent())?.trim(), 'Follow it through all layers');
      assert.equal(await page.locator('.codicon-pass-filled').count(), 2);
      await page.getByRole('button', { name: learnStringsEnglish.doIt }).click();
      await page.getByRole('button', { name: learnStringsEnglish.markDone }).click();
      assert.deepEqual(await calls(page), [
        'learn/do {"id":"through-layers"}',
        'learn/mark {"id":"through-layers","done":true}',
      ]);
    });

    it('ticks off what was done, and leaves the step open to be read', async () => {
      const page = await learn(0);
      await page.evaluate((next) => {
        window.sideStub.show({ learn: next });
      }, lessons(1));
      await page.locator('[data-step="first-look"] .codicon-pass-filled').waitFor();
      assert.equal(await page.locator('[data-step="first-look"] .step-body').count(), 1);
      assert.equal(await page.getByRole('status').textContent(), `1 of ${count()} steps done`);
    });

    it('is walked through by keyboard', async () => {
      const page = await learn(0);
      await page.locator('[data-step="one-token"] .step-title').focus();
      await page.keyboard.press('Enter');
      await page.locator('[data-step="one-token"] .step-body').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      assert.deepEqual(await calls(page), ['learn/do {"id":"one-token"}']);
    });

    it('asks before it forgets', async () => {
      const page = await learn(count());
      await page.getByText(learnStringsEnglish.allDone).waitFor();
      await page.getByRole('button', { name: learnStringsEnglish.reset }).click();
      await page.getByRole('button', { name: learnStringsEnglish.no, exact: true }).click();
      assert.deepEqual(await calls(page), []);
      await page.getByRole('button', { name: learnStringsEnglish.reset }).click();
      await page.getByRole('button', { name: learnStringsEnglish.yes, exact: true }).click();
      assert.deepEqual(await calls(page), ['learn/reset {}']);
    });
  });

  describe('Inspect', () => {
    it('says what to do when nothing is selected', async () => {
      const page = await inspect(empty);
      await page.getByText(inspectStringsEnglish.empty).waitFor();
      assert.equal(await page.locator('section').count(), 0);
    });

    it('shows what is there, says why something is not, and takes text for text', async () => {
      const page = await inspect(measured());
      await page.getByText('321 tokens').waitFor();
      await page.getByText('… and 316 more').waitFor();
      assert.deepEqual(await page.locator('.tokens bdi').allTextContents(), [
        'The',
        'cat',
        '<b>sat</b>',
        '你好',
        '👩‍🚀',
      ]);
      await page.getByText('This graph has no attention that could be read.').waitFor();
      assert.match((await page.locator('[data-part="next"] li').first().textContent()) ?? '', /mat\s*50\.0%/);
      assert.equal(await page.locator('[data-part="sentiment"]').getAttribute('aria-busy'), 'true');
    });

    it('can be paused, and hands on what else can be done', async () => {
      const page = await inspect(measured());
      await page.getByRole('button', { name: inspectStringsEnglish.pause }).click();
      await page.getByRole('button', { name: inspectStringsEnglish.showSurprisal }).click();
      assert.deepEqual(await calls(page), [
        'inspect/pause {"paused":true}',
        'inspect/act {"action":"showSurprisal"}',
      ]);
      await page.evaluate(
        (next) => {
          window.sideStub.show({ inspect: next });
        },
        { ...measured(), paused: true },
      );
      await page.getByText(inspectStringsEnglish.pausedNow).waitFor();
      assert.equal(await page.locator('section').count(), 0);
    });
  });
});

function count(): number {
  return course.flatMap(({ steps }) => steps).length;
}
