import type { TextRange } from '../protocol/attention';

/** How people write a mask, whatever the model's own token is. */
const usual = ['[MASK]', '<mask>'];

/**
 * Where masks stand in a text.
 * @param own the model's own mask token, where it has another than the usual ones
 */
export function maskPlaces(text: string, own?: string): TextRange[] {
  const spellings = [...usual, ...(own === undefined || own === '' ? [] : [own])].map((each) =>
    each.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
  );
  return [...text.matchAll(new RegExp(spellings.join('|'), 'gi'))].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));
}

/**
 * What stands on both sides of one place: the places before it are filled already, those behind it are still masks.
 * @param places ascending and disjoint
 * @param fills what was chosen, one for each place before `index`
 * @param mask how the model writes a mask
 * @param most characters kept on each side, the nearest ones
 */
export function around(
  text: string,
  places: readonly TextRange[],
  fills: readonly string[],
  index: number,
  mask: string,
  most: number,
): { before: string; after: string } {
  const place = places[index] as TextRange;
  let before = '';
  let done = 0;
  for (const [each, { start, end }] of places.slice(0, index).entries()) {
    before += text.slice(done, start) + (fills[each] ?? mask);
    done = end;
  }
  before += text.slice(done, place.start);
  let after = '';
  done = place.end;
  for (const { start, end } of places.slice(index + 1)) {
    if (after.length > most) {
      break;
    }
    after += text.slice(done, start) + mask;
    done = end;
  }
  after += text.slice(done, done + most);
  return { before: before.slice(-most), after: after.slice(0, most) };
}
