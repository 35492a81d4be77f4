/** How far each key moves in a row of stops; up and down go by `columns`, where the stops form a grid. */
function target(key: string, here: number, count: number, columns: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: here + 1,
    ArrowLeft: here - 1,
    ArrowDown: here + columns,
    ArrowUp: here - columns,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  return to === undefined ? null : Math.max(0, Math.min(count - 1, to));
}

/**
 * Moves the focus among the stops of a list by arrow keys, Home and End, and makes the one that has it the
 * list's only tab stop. For a listener on the list; stops are its `[data-stop]` elements.
 * @returns the index of the stop that now has the focus; null when the key moved nothing
 */
export function moveFocus(event: KeyboardEvent, columns = 1): number | null {
  const list = event.currentTarget as HTMLElement;
  const stops = [...list.querySelectorAll<HTMLElement>('[data-stop]')];
  const here = stops.findIndex((stop) => stop === document.activeElement);
  const to = target(event.key, here, stops.length, columns);
  const stop = to === null ? undefined : stops[to];
  if (to === null || !stop) {
    return null;
  }
  for (const each of stops) {
    each.tabIndex = each === stop ? 0 : -1;
  }
  stop.focus();
  event.preventDefault();
  return to;
}
