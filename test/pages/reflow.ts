/** Whether everything of a page can be read and used at the size that it has (WCAG 1.4.4 and 1.4.10); runs inside the page. */
import {
  type Box,
  type Piece,
  around,
  boxOf,
  cut,
  focusable,
  isEmpty,
  isShown,
  nameOf,
  pageWidth,
  pieces,
  seen,
} from './boxes';

/** Rounding, and the ascenders of a line, are no fault. */
const slack = 2;

/** One line for everything that is cut off, covered, out of reach or drives the page sideways. */
export function reflowProblems(): string[] {
  window.scrollTo(0, 0);
  const all = pieces();
  return [
    ...sidewaysPage(),
    ...all.flatMap(cutOff),
    ...cutText(),
    ...sidewaysScrollers(),
    ...overlaps(all.filter(({ kind }) => kind === 'control')),
    ...overlaps(all.filter(({ kind }) => kind === 'text')),
    ...outOfReach(),
  ].filter((problem, place, list) => list.indexOf(problem) === place);
}

function sidewaysPage(): string[] {
  const { scrollWidth } = document.documentElement;
  return scrollWidth > pageWidth() ? [`the page scrolls sideways: ${scrollWidth} pixels`] : [];
}

/** A piece beyond an edge to which nothing scrolls. */
function cutOff({ element, kind, box }: Piece): string[] {
  let left = box;
  for (const at of around(element, kind === 'text')) {
    const { overflowX, overflowY, textOverflow } = getComputedStyle(at);
    const edge = boxOf(at);
    const isWide = left.right > edge.right + slack || left.left < edge.left - slack;
    const isHigh = left.bottom > edge.bottom + slack || left.top < edge.top - slack;
    if (hides(overflowX) && isWide && textOverflow !== 'ellipsis') {
      return [`cut off at the side by ${nameOf(at)}: ${nameOf(element)}`];
    }
    if (hides(overflowY) && isHigh) {
      return [`cut off above or below by ${nameOf(at)}: ${nameOf(element)}`];
    }
    if (scrolls(overflowX) && left.left + at.scrollLeft < edge.left - slack) {
      return [`before where ${nameOf(at)} begins to scroll: ${nameOf(element)}`];
    }
    if (overflowX !== 'visible' || overflowY !== 'visible') {
      left = cut(left, edge);
      if (isEmpty(left)) {
        return [];
      }
    }
  }
  const isOut = left.left < -slack || left.right > pageWidth() + slack || left.top < -slack;
  return isOut ? [`beyond the edge of the page: ${nameOf(element)}`] : [];
}

/** Text that ends in “…” must be told whole somewhere; text that just ends must not be. */
function cutText(): string[] {
  const found: string[] = [];
  for (const element of document.body.querySelectorAll('*')) {
    const { overflowX, textOverflow, display } = getComputedStyle(element);
    const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    if (isCut && hides(overflowX) && display !== 'inline' && element.textContent.trim() && isShown(element)) {
      const told = element.closest('[title], [aria-label], [aria-expanded]');
      if (textOverflow !== 'ellipsis' || (!told && element.querySelector('[title]') === null)) {
        found.push(`shortened, and nowhere whole: ${nameOf(element)}`);
      }
    }
  }
  return found;
}

/** Only tables, pictures and code may be wider than the page. */
function sidewaysScrollers(): string[] {
  const mayScroll = 'table, [role=grid], [role=table], canvas, svg, pre, textarea, input';
  return [...document.body.querySelectorAll('*')]
    .filter((element) => scrolls(getComputedStyle(element).overflowX) && isShown(element))
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .filter((element) => !element.matches(mayScroll) && element.querySelector(mayScroll) === null)
    .map((element) => `scrolls sideways: ${nameOf(element)}`);
}

/** Two of a kind on top of each other, where both can be seen. */
function overlaps(list: readonly Piece[]): string[] {
  const shown = list
    .map(({ element, kind, box }) => ({ element, box: shrunk(seen(element, box, kind === 'text')) }))
    .filter(({ element, box }) => !isEmpty(box) && element.closest('.menu-list') === null);
  return shown.flatMap((one, place) =>
    shown
      .slice(place + 1)
      .filter((other) => !isEmpty(cut(one.box, other.box)))
      .filter((other) => !one.element.contains(other.element) && !other.element.contains(one.element))
      .map((other) => `on top of each other: ${nameOf(one.element)} and ${nameOf(other.element)}`),
  );
}

/** Lines of text have room above and below that may meet. */
function shrunk({ left, top, right, bottom }: Box): Box {
  return { left: left + slack, top: top + slack + 1, right: right - slack, bottom: bottom - slack - 1 };
}

/** What can have the focus but is not to be seen even when scrolled to. */
function outOfReach(): string[] {
  const found: string[] = [];
  for (const element of document.body.querySelectorAll(focusable)) {
    if (!isShown(element) || isEmpty(boxOf(element))) {
      continue;
    }
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const box = seen(element, boxOf(element));
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const top = isEmpty(box) ? null : document.elementFromPoint(x, y);
    // An open menu covers what is below it, as it must.
    const isOwn =
      top && (element.contains(top) || top.contains(element) || top.closest('label, .menu-list') !== null);
    if (!isOwn) {
      found.push(`not to be seen: ${nameOf(element)}${top ? ` behind ${nameOf(top)}` : ''}`);
    }
  }
  window.scrollTo(0, 0);
  return found;
}

function hides(overflow: string): boolean {
  return overflow === 'hidden' || overflow === 'clip';
}

function scrolls(overflow: string): boolean {
  return overflow === 'auto' || overflow === 'scroll';
}
