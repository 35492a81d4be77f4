import type { Page } from 'playwright-core';

/** What a person does with the page, and reads on it. */

export async function hoverCell(page: Page, query: number, key: number, n: number): Promise<void> {
  // The square of the matrix ends at the canvas' lower edge, two pixels above it; its left and top margins are equal.
  await page.locator('.matrix').scrollIntoViewIfNeeded();
  const place = await page
    .locator('.matrix canvas')
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
  await page.mouse.move(place.left + (key + 0.5) * place.cell, place.top + (query + 0.5) * place.cell);
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
