/** Whether a click or a key adds to what is chosen, as in every list. */
export function isAdding(event: MouseEvent | KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.shiftKey;
}
