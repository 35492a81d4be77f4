/** Where the parts of a page lie and what of them can be seen; runs inside the page. */

/** In CSS pixels of the viewport. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Something that a reader looks at or uses: a line of text, a control, a picture. */
export interface Piece {
  readonly element: Element;
  readonly box: Box;
  readonly kind: 'text' | 'control' | 'picture';
}

export const focusable =
  'a[href], button, input, select, textarea, summary, [tabindex], vscode-button, vscode-dropdown';

/** All elements below a root, those in open shadow roots too. */
export function everything(root: ParentNode): Element[] {
  return [...root.querySelectorAll('*')].flatMap((element) =>
    element.shadowRoot ? [element, ...everything(element.shadowRoot)] : [element],
  );
}

/** Whether an element is drawn for those who look: what is only for screen readers is not. */
export function isShown(element: Element): boolean {
  return (
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest('.visually-hidden, [inert]') === null
  );
}

export function boxOf(element: Element | Range): Box {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left, top, right, bottom };
}

export function cut(a: Box, b: Box): Box {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  };
}

export function isEmpty({ left, top, right, bottom }: Box): boolean {
  return right - left <= 0 || bottom - top <= 0;
}

/** Everything that a reader looks at or uses. */
export function pieces(): Piece[] {
  const found: Piece[] = [];
  const add = (element: Element, kind: Piece['kind'], box = boxOf(element)): void => {
    if (!isEmpty(box) && isShown(element)) {
      found.push({ element, kind, box });
    }
  };
  for (const element of document.body.querySelectorAll(focusable)) {
    add(element, 'control');
  }
  for (const element of document.body.querySelectorAll('canvas, svg, img')) {
    add(element, 'picture');
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const { parentElement } = node;
    const isText = parentElement?.closest('option, svg, script, style, textarea, vscode-option') === null;
    if (isText && node.textContent?.trim()) {
      range.selectNodeContents(node);
      for (const { left, top, right, bottom } of range.getClientRects()) {
        add(parentElement, 'text', { left, top, right, bottom });
      }
    }
  }
  return found;
}

/** The elements around one that can cut it off, from the inside out. */
export function* around(element: Element, isText: boolean): Generator<Element> {
  let { position } = getComputedStyle(element);
  for (let at = isText ? element : element.parentElement; at && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at);
    // What is placed freely is only cut by what it is placed in.
    if (at !== element && position === 'absolute' && style.position === 'static') {
      continue;
    }
    if (at !== element) {
      ({ position } = style);
    }
    yield at;
    if (style.position === 'fixed') {
      return;
    }
  }
}

/** The width that a page has for itself, beside its scroll bar. */
export function pageWidth(): number {
  return document.documentElement.clientWidth;
}

/** What of a box can be seen where things are scrolled to now. */
export function seen(element: Element, box: Box, isText = false): Box {
  let left = cut(box, { left: 0, top: 0, right: pageWidth(), bottom: window.innerHeight });
  for (const at of around(element, isText)) {
    const { overflowX, overflowY } = getComputedStyle(at);
    const edge = boxOf(at);
    left = cut(left, {
      left: overflowX === 'visible' ? -Infinity : edge.left,
      right: overflowX === 'visible' ? Infinity : edge.right,
      top: overflowY === 'visible' ? -Infinity : edge.top,
      bottom: overflowY === 'visible' ? Infinity : edge.bottom,
    });
  }
  return left;
}

/** An element in few words, so that whoever reads of it finds it. */
export function nameOf(element: Element): string {
  const path: string[] = [];
  for (let at: Element | null = element; at && at.id !== 'root' && path.length < 3; at = at.parentElement) {
    const classes = [...at.classList].map((each) => `.${each}`).join('');
    path.unshift(`${at.tagName.toLowerCase()}${at.id ? `#${at.id}` : ''}${classes}`);
  }
  const text = element.getAttribute('aria-label') ?? element.textContent.replace(/\s+/g, ' ').trim();
  return `${path.join(' > ')} “${text.slice(0, 40)}”`;
}
