import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { compareStringsEnglish as strings } from '../../src/protocol/compareStrings';
import { tabs } from '../../webview/compare/look';
import { violations } from './axe';
import type { CompareScenario } from './compareStub';
import { frames } from './gestures';
import { Harness } from './harness';
import type { ThemeName } from './themes';

const scenarios: Readonly<Record<string, CompareScenario | null>> = {
  ready: {},
  'student and detector': { detector: true, masked: 'sameVocabulary' },
  empty: null,
  'half measured': {
    busy: true,
    missing: { left: { missing: 'notMasked' }, right: { missing: 'notCausal' } },
    states: { cloze: 'running', sentences: 'waiting', chat: 'failed' },
  },
};
const themes: readonly ThemeName[] = ['dark', 'light', 'highContrast', 'highContrastLight'];

describe('comparison page for everyone', function () {
  this.timeout(120_000);
  let harness: Harness;
  let axeSource: string;

  before(async () => {
    harness = await Harness.start();
    axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  after(async () => {
    await harness.stop();
  });
  afterEach(async () => {
    await harness.closePages();
  });

  for (const theme of themes) {
    it(`has no violations in ${theme}`, async () => {
      for (const [name, scenario] of Object.entries(scenarios)) {
        const everywhere = name === 'ready' || name === 'empty';
        if (!everywhere && theme !== 'dark' && theme !== 'highContrastLight') {
          continue;
        }
        const page = await harness.openCompare({ scenario, locale: 'en', theme });
        if (!scenario) {
          assert.deepEqual(await violations(page, axeSource), []);
          continue;
        }
        await page.getByRole('button', { name: strings.help, exact: true }).click();
        await page.getByRole('button', { name: strings.editText }).click();
        for (const tab of tabs) {
          await page.locator(`#tab-${tab}`).click();
          await frames(page);
          assert.deepEqual(await violations(page, axeSource), [], tab);
        }
      }
    });
  }

  it('fits a width of 300 pixels in every tab', async () => {
    for (const scenario of Object.values(scenarios)) {
      const page = await harness.openCompare({ scenario, locale: 'en', width: 300, height: 700 });
      for (const tab of scenario ? tabs : []) {
        await page.locator(`#tab-${tab}`).click();
        await frames(page);
        const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        assert.ok(widths[0]! <= widths[1]!, `${tab}: ${widths.join(' in ')}`);
      }
    }
  });

  it('is reached whole by keyboard: every stop has a name and shows its focus', async () => {
    const page = await harness.openCompare({ scenario: {}, locale: 'en', width: 1000 });
    await page.locator('[data-share=left] td').first().waitFor();
    const seen: string[] = [];
    for (let step = 0; step < 40; step++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const { activeElement: at } = document;
        if (!at || at === document.body) {
          return '';
        }
        const label = at.closest('label');
        return `${at.tagName.toLowerCase()}: ${at.getAttribute('aria-label') ?? label?.textContent.trim() ?? at.textContent.trim()}`;
      });
      seen.push(stop);
      if (stop.startsWith('textarea')) {
        break;
      }
    }
    const has = (part: string): void => {
      assert.ok(
        seen.some((stop) => stop.includes(part)),
        `${part} in ${seen.join(' | ')}`,
      );
    };
    [
      strings.leftModel,
      strings.swap,
      strings.rightModel,
      strings.editText,
      strings.exportReport,
      strings.help,
      strings.tabReading,
      strings.layer,
      strings.head,
      strings.rowsAndColumns,
      strings.showSpecial,
      'Attention of scope-bert',
      'Attention of scope-gpt',
      strings.openVisualizer,
      strings.whereItGoes,
      strings.notes,
    ].forEach(has);
    assert.ok(
      seen.every((stop) => stop === '' || stop.split(': ')[1] !== ''),
      seen.join(' | '),
    );
  });
});
