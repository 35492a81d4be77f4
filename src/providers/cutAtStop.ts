/** The text before the first stop string: some providers know no stop strings, or only a few. */
export function cutAtStop(
  text: string,
  stops: readonly string[],
): { readonly text: string; readonly wasCut: boolean } {
  const places = stops.map((stop) => (stop === '' ? -1 : text.indexOf(stop))).filter((at) => at >= 0);
  return places.length === 0
    ? { text, wasCut: false }
    : { text: text.slice(0, Math.min(...places)), wasCut: true };
}
