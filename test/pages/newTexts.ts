const states = ['disabled', 'aria-selected', 'aria-pressed', 'aria-current', 'aria-checked', 'aria-disabled'];
const known = new Map<string, Set<string>>();

/**
 * The texts of a page that look as none did before in this theme. Those of the same element, classes and state are coloured
 * alike, so the contrast of one of them is enough: to look at all of them in each theme takes longer than everything else.
 */
export function newTexts(theme: string): Element[] {
  const before = known.get(theme) ?? new Set();
  known.set(theme, before);
  return [...document.body.querySelectorAll('*')].filter((element) => {
    if (!hasText(element) || !element.checkVisibility()) {
      return false;
    }
    const kind = kindOf(element, 4);
    const isNew = !before.has(kind);
    before.add(kind);
    return isNew;
  });
}

/** By itself, or in a shadow. */
function hasText(element: Element): boolean {
  const nodes = [...element.childNodes];
  return (
    element.localName.includes('-') ||
    nodes.some(({ nodeType, nodeValue }) => nodeType === Node.TEXT_NODE && nodeValue?.trim())
  );
}

/** What decides its colours: its own names and those around it. */
function kindOf(element: Element, depth: number): string {
  const own = [
    element.localName,
    element.className,
    ...states.map((name) => element.getAttribute(name)),
  ].join();
  const { parentElement } = element;
  return depth === 0 || !parentElement ? own : `${own} < ${kindOf(parentElement, depth - 1)}`;
}
