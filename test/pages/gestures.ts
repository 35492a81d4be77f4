import type { Locator, Page } from 'playwright-core';

/** What a person does with the page, and reads on it. */

/** Points at a cell of a square matrix: of the page's, or of one of two. */
export async function hoverCell(place: Page | Locator, query: number, key: number, n: number): Promise<void> {
  const matrix = 'page' in place ? place : place.locator('.matrix').first();
  const page = 'page' in place ? place.page() : place;
  // The square of the matrix ends at the canvas' lower edge, two pixels above it.
  await matrix.scrollIntoViewIfNeeded();
  const square = await matrix
    .locator('canvas')
    .first()
    .evaluate((canvas, count) => {
      const box = canvas.getBoundingClientRect();
      const edge = Number(canvas.dataset['edge']);
      return {
        left: box.left + Number(canvas.dataset['left']),
        top: box.bottom - 2 - edge,
        cell: edge / count,
      };
    }, n);
  await page.mouse.move(square.left + (key + 0.5) * square.cell, square.top + (query + 0.5) * square.cell);
  await frames(page);
}

export async function readout(page: Page): Promise<string> {
  await frames(page);
  return (await page.locator('.readout').textContent()) ?? '';
}

export async function frames(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
