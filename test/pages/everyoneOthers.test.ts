import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { architectureStringsEnglish } from '../../src/protocol/architectureStrings';
import { compareStringsEnglish } from '../../src/protocol/compareStrings';
import { imageStringsEnglish } from '../../src/protocol/imageStrings';
import { inspectStringsEnglish } from '../../src/protocol/inspectStrings';
import { learnStringsEnglish } from '../../src/protocol/learnStrings';
import { trainStringsEnglish } from '../../src/protocol/trainStrings';
import { firstSettings } from '../../src/train/presets';
import { inChinese } from './chinese';
import { compareStates } from './compareStates';
import { Everyone } from './everyone';
import { type PageOptions } from './harness';
import { usePages } from './usePages';
import { imageStates } from './imageStates';
import { emptyInspect, lessons, measuredInspect } from './sideStates';
import { trainStates } from './trainStates';

const languages = ['en', 'zh-cn'] as const;
const remembered = { settings: { ...firstSettings, numHeads: 4, numLayers: 2 }, preset: null, step: 3 };

/** Elements that nobody should meet: tag, text and style. */
const spoiling: readonly (readonly [string, string, string])[] = [
  ['div', 'too wide to be read', 'width: 900px'],
  ['div', 'ends in the middle of', 'width: 40px; overflow: hidden; white-space: nowrap'],
  ['div', 'only half as high', 'height: 8px; overflow: hidden'],
  ['div', 'scrolls', 'overflow-x: auto'],
  ['button', 'below', 'position: absolute; top: 400px; left: 0; width: 90px'],
  ['button', 'above', 'position: absolute; top: 402px; left: 4px; width: 90px'],
  ['button', 'out of the page', 'position: absolute; left: -500px'],
  ['div', 'clicked', ''],
  ['div', 'pointed at', 'cursor: pointer'],
  ['div', 'fades', 'transition: opacity 1s !important'],
  ['button', '', 'width: 20px; height: 20px'],
  ['button', 'no outline', 'outline: none'],
  ['canvas', '', 'width: 20px; height: 20px'],
];

/** The comparison, pictures, training and the side bar. */
describe('other pages for everyone', function () {
  this.timeout(180_000);
  const harness = usePages();

  it('finds what is wrong, or its silence would say nothing', async () => {
    const page = await harness.openSide('learn', { learn: lessons(0) }, { forEveryone: true });
    await page.evaluate((parts) => {
      for (const [tag, text, css] of parts) {
        const made = document.createElement(tag);
        made.textContent = text;
        made.style.cssText = css;
        document.body.append(made);
        if (text === 'clicked') {
          made.addEventListener('click', () => undefined);
        } else if (text === 'no outline') {
          made.tabIndex = 1;
        } else if (text === 'scrolls') {
          const prose = made.appendChild(document.createElement('p'));
          prose.style.width = '1200px';
        }
      }
    }, spoiling);
    const everyone = await Everyone.on(page);
    await everyone.check('spoilt');
    const found = everyone.problems.join('\n');
    for (const expected of [
      'the page scrolls sideways',
      'beyond the edge of the page: html > body.vscode-dark > button “out of',
      'cut off at the side by html > body.vscode-dark > div “ends in',
      'shortened, and nowhere whole: html > body.vscode-dark > div “ends in',
      'cut off above or below by html > body.vscode-dark > div “only half',
      'scrolls sideways: html > body.vscode-dark > div “scrolls',
      'on top of each other: html > body.vscode-dark > button “below” and html > body.vscode-dark > button “above”',
      'not to be seen: html > body.vscode-dark > button “out of the page”',
      'only by mouse: html > body.vscode-dark > div “clicked”',
      'only by mouse: html > body.vscode-dark > div “pointed at”',
      'would move: html > body.vscode-dark > div “fades”',
      'without a name: button',
      'jumps the queue: html > body.vscode-dark > button “no outline”',
      'does not show its focus: html > body.vscode-dark > button “no outline”',
      'a picture without words: html > body.vscode-dark > canvas',
      'button-name',
    ]) {
      assert.ok(found.includes(expected), `${expected} is not in:\n${found}`);
    }
  });

  for (const locale of languages) {
    const inLanguage = <T extends object>(english: T): Promise<T> =>
      locale === 'en' ? Promise.resolve(english) : inChinese(english);
    const look: PageOptions = {
      forEveryone: true,
      ...(locale === 'en' ? {} : { theme: 'highContrast' }),
    };
    const visit = async (page: Page, walk: (at: (state: string) => Promise<void>) => Promise<void>) => {
      const everyone = await Everyone.on(page);
      await walk((state) => (locale === 'en' ? everyone.check(state) : everyone.checkWords(state)));
      assert.deepEqual(everyone.problems, []);
    };

    it(`compares models in ${locale}`, async () => {
      const strings = await inLanguage({ ...compareStringsEnglish, ...architectureStringsEnglish });
      const page = await harness.openCompare({ scenario: {}, locale, strings, ...look });
      await visit(page, (at) => compareStates(page, strings, at));
      const empty = await harness.openCompare({ scenario: null, locale, strings, ...look });
      await visit(empty, (at) => at('nothing compared'));
    });

    it(`fits pictures and words in ${locale}`, async () => {
      const strings = await inLanguage(imageStringsEnglish);
      const page = await harness.openImages({ numPictures: 3, locale, strings, ...look });
      await visit(page, (at) => imageStates(page, strings, at));
      const empty = await harness.openImages({ numPictures: 0, locale, strings, ...look });
      await visit(empty, async (at) => {
        for (const tab of ['labels', 'search', 'captions']) {
          await empty.locator(`#tab-${tab}`).click();
          await empty.locator(`body[data-tab="${tab}"]`).waitFor();
          await at(`no ${tab}`);
        }
      });
    });

    it(`trains in ${locale}`, async () => {
      const strings = await inLanguage(trainStringsEnglish);
      const page = await harness.openTrain({ locale, strings, remembered, ...look });
      await visit(page, (at) => trainStates(page, strings, at));
    });

    it(`stands in the side bar in ${locale}`, async () => {
      const inspect = await inLanguage(inspectStringsEnglish);
      const measured = measuredInspect(inspect);
      for (const [name, snapshot] of Object.entries({
        nothing: emptyInspect(inspect),
        measured,
        paused: { ...measured, paused: true },
      })) {
        const page = await harness.openSide('inspect', { inspect: { ...snapshot, locale } }, look);
        await visit(page, (at) => at(name));
      }
      const learn = lessons(3, locale === 'en' ? 'en' : 'zh', await inLanguage(learnStringsEnglish));
      const page = await harness.openSide('learn', { learn }, look);
      await visit(page, async (at) => {
        await at('a course');
        await page.locator('.reset vscode-button').click();
        await at('a course to be forgotten');
      });
    });
  }
});
