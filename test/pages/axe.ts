import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe-core finds wrong with a page, one line per rule.
 */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(source);
  }
  return page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: typeof axe };
    const { violations: found } = await runner.run(document, { resultTypes: ['violations'] });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  });
}

/** Too little contrast in texts that are new to a page in this theme; the page was opened for everyone. */
export async function contrastViolations(page: Page, theme: string): Promise<string[]> {
  return page.evaluate(async (name) => {
    const { axe: runner } = window as unknown as { axe: typeof axe };
    const include = window.inPage.newTexts(name);
    if (include.length === 0) {
      return [];
    }
    const { violations: found } = await runner.run(
      { include },
      { resultTypes: ['violations'], runOnly: ['color-contrast'] },
    );
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  }, theme);
}
