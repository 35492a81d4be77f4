const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** One long text would cost the segmenter quadratic time. */
const windowSize = 2048;

/** The grapheme clusters of a text (UAX 29) and where they begin, in linear time. */
export function* graphemesOf(text: string): Generator<{ segment: string; index: number }> {
  let at = 0;
  while (at < text.length) {
    const window = text.slice(at, at + windowSize);
    const isLast = at + windowSize >= text.length;
    let held: { segment: string; index: number } | undefined;
    for (const { segment, index } of segmenter.segment(window)) {
      if (held) {
        yield held;
      }
      held = { segment, index: at + index };
    }
    if (!held) {
      return;
    }
    // The last one may go on behind the window; only one that fills the window is taken as it is.
    if (isLast || held.index === at) {
      yield held;
      at = held.index + held.segment.length;
    } else {
      at = held.index;
    }
  }
}
