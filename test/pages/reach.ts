/** Whether everything of a page can be used without a mouse, and stands still for who wants that; runs inside the page. */
import { everything, focusable, isShown, nameOf } from './boxes';

const clicks = new Set(['click', 'dblclick', 'pointerdown', 'mousedown']);
const clickables = new WeakSet<Element>();

/** Notes which elements listen for clicks; to be called before the page's own scripts run. */
export function noteClickables(): void {
  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...given) {
    if (this instanceof Element && clicks.has(given[0])) {
      clickables.add(this);
    }
    addEventListener.apply(this, given);
  };
}

/** One line for everything that only a mouse reaches, that has no words, or that moves. */
export function reachProblems(): string[] {
  return [...mouseOnly(), ...outOfOrder(), ...withoutWords(), ...moving()];
}

/** What answers a click or has the hand for its pointer, and is neither focusable itself nor part of what is. */
function mouseOnly(): string[] {
  return [...document.body.querySelectorAll('*')]
    .filter((element) => isShown(element))
    .filter((element) => clickables.has(element) || hasHand(element))
    .filter(
      (element) =>
        element.closest(`${focusable}, label`) === null &&
        !hasStandIn(element) &&
        element.querySelector(focusable) === null,
    )
    .map((element) => `only by mouse: ${nameOf(element)}`);
}

/** Whether an element names a field that does the same. */
function hasStandIn(element: Element): boolean {
  const id = element.getAttribute('aria-controls');
  return id !== null && document.getElementById(id)?.matches(focusable) === true;
}

/** The hand is inherited: only where it begins it says something. */
function hasHand(element: Element): boolean {
  const parent = element.parentElement;
  return (
    getComputedStyle(element).cursor === 'pointer' &&
    (parent === null || getComputedStyle(parent).cursor !== 'pointer')
  );
}

function outOfOrder(): string[] {
  return [...document.body.querySelectorAll<HTMLElement>('[tabindex]')]
    .filter(({ tabIndex }) => tabIndex > 0)
    .map((element) => `jumps the queue: ${nameOf(element)}`);
}

/** Pictures: each has words, is part of what has, or is said to be decoration. */
function withoutWords(): string[] {
  const worded =
    '[aria-hidden=true], [role=img][aria-label], [role=application][aria-label], button, [role=grid][aria-label]';
  return [...document.body.querySelectorAll('canvas, svg')]
    .filter((element) => isShown(element) && element.closest(worded) === null)
    .filter((element) => element.querySelector('[role][aria-label]') === null)
    .map((element) => `a picture without words: ${nameOf(element)}`);
}

/** With `prefers-reduced-motion: reduce` nothing may move. */
function moving(): string[] {
  const found = new Set<string>();
  for (const animation of document.getAnimations()) {
    const { target } = animation.effect as KeyframeEffect;
    found.add(`moves: ${target ? nameOf(hostOf(target)) : 'something'}`);
  }
  for (const element of everything(document.body)) {
    for (const pseudo of [undefined, '::before', '::after']) {
      const style = getComputedStyle(element, pseudo);
      const moves = style.animationName !== 'none' && lasts(style.animationDuration);
      if (moves || lasts(style.transitionDuration) || style.scrollBehavior === 'smooth') {
        found.add(`would move: ${nameOf(hostOf(element))}${pseudo ?? ''}`);
      }
    }
  }
  return [...found];
}

/** Whether one of the durations, as `0.1s, 10ms`, is long enough to be seen. */
function lasts(durations: string): boolean {
  return durations.split(',').some((each) => parseFloat(each) * (each.trim().endsWith('ms') ? 1 : 1000) > 1);
}

/** The element of the page in whose shadow another is. */
function hostOf(element: Element): Element {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? hostOf(root.host) : element;
}

interface Stop {
  readonly element: Element;
  readonly focused: string;
  rested: string | null;
}

let stops: Stop[] = [];
let expected: Element[] = [];

/** Begins to write down where the focus goes, and puts it before everything. */
export function beginTabbing(): void {
  stops = [];
  document.removeEventListener('focusin', noteStop);
  const start = document.createElement('span');
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  expected = tabStops();
  document.addEventListener('focusin', noteStop);
  start.addEventListener('blur', () => {
    start.remove();
  });
}

/** Whether Tab has neither come back to where it began nor walked in circles for long. */
export function isOnTheWay(): boolean {
  const [first] = stops;
  const isBack = stops.some((stop, place) => place > 0 && stop.element === first?.element);
  return !isBack && stops.length < 400;
}

function noteStop(event: FocusEvent): void {
  const { target } = event;
  rest();
  if (target instanceof Element) {
    stops.push({ element: target, focused: lookOf(target), rested: null });
  }
}

function rest(): void {
  const last = stops.at(-1);
  if (last && last.rested === null && document.activeElement !== last.element) {
    last.rested = lookOf(last.element);
  }
}

/** What was not reached, and what did not show that it was. */
export function tabbingProblems(): string[] {
  (document.activeElement as HTMLElement | null)?.blur();
  rest();
  document.removeEventListener('focusin', noteStop);
  const reached = new Set(stops.map(({ element }) => element));
  // Where arrow keys move, another than at the beginning may be the one stop now.
  return [
    ...tabStops()
      .filter((element) => expected.includes(element) && !reached.has(element))
      .map((element) => `not reached by Tab: ${nameOf(element)}`),
    ...stops
      .filter(({ element, focused, rested }) => element.isConnected && focused === rested)
      .map(({ element }) => `does not show its focus: ${nameOf(element)}`),
  ].filter((problem, place, list) => list.indexOf(problem) === place);
}

/** Everything at which Tab should stop. */
function tabStops(): Element[] {
  return [...document.body.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) =>
      isShown(element) &&
      element.tabIndex >= 0 &&
      !element.matches(':disabled, [disabled], input[type=radio]:not(:checked)'),
  );
}

/** Everything of an element's look that a focus may change: of itself, of what it is made of and of what it stands in. */
function lookOf(element: Element): string {
  const inside = element.shadowRoot ? [...element.shadowRoot.querySelectorAll('*')] : [];
  return [element, ...inside, ...[...element.children].slice(0, 3), element.parentElement]
    .filter((each) => each !== null)
    .map((each) => {
      const { outline, borderColor, boxShadow, backgroundColor, textDecoration, stroke, strokeWidth } =
        getComputedStyle(each);
      return [outline, borderColor, boxShadow, backgroundColor, textDecoration, stroke, strokeWidth].join(
        ' ',
      );
    })
    .join('|');
}
