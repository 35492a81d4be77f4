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

/**
 * Too little contrast in texts that are new to a page in this theme. Texts of the same element, classes and state are
 * coloured alike, so one of them is enough: looking at all of them in each theme takes longer than everything else.
 */
export async function contrastViolations(page: Page, theme: string): Promise<string[]> {
  return page.evaluate(async (name) => {
    const { axe: runner, looked = {} } = window as unknown as {
      axe: typeof axe;
      looked?: Record<string, Set<string>>;
    };
    Object.assign(window, { looked });
    const known = (looked[name] ??= new Set());
    const state = [
      'disabled',
      'aria-selected',
      'aria-pressed',
      'aria-current',
      'aria-checked',
      'aria-disabled',
    ];
    const kindOf = (element: Element, depth: number): string => {
      const own = [element.localName, element.className, ...state.map((key) => element.getAttribute(key))];
      return depth === 0 || !element.parentElement
        ? own.join()
        : `${own.join()} < ${kindOf(element.parentElement, depth - 1)}`;
    };
    const hasText = (element: Element): boolean =>
      element.localName.includes('-') ||
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue?.trim());
    const fresh = [...document.body.querySelectorAll('*')].filter((element) => {
      const kind = kindOf(element, 4);
      const isNew = hasText(element) && element.checkVisibility() && !known.has(kind);
      if (isNew) {
        known.add(kind);
      }
      return isNew;
    });
    if (fresh.length === 0) {
      return [];
    }
    const { violations: found } = await runner.run(
      { include: fresh },
      { resultTypes: ['violations'], runOnly: ['color-contrast'] },
    );
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  }, theme);
}
