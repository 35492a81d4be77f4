import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { fill, formatWeight } from '../common/format';
import { colorize } from '../common/raster';
import { type Theme, readTheme } from '../common/theme';
import type { ComparedRun } from './comparedRun';
import { pictureTitle } from './exportData';
import { pictureSvg } from './exportSvg';
import type { Focus } from './focus';
import type { HeadMatrix } from './headMatrix';
import { sourceOf } from './header';
import { captionOf, restingFocus, weightsOfPatches } from './patchFocus';
import type { Picture } from './picture';
import { pictureUrl } from '../common/pictureDecode';
import type { ShownPictures } from './shownPictures';
import type { Store } from './store';
import { svgLines } from './svgLines';
import { svgMatrix } from './svgMatrix';
import { svgPatches } from './svgPatches';
import type { SvgPart } from './svgText';

/** From this many cells on the matrix of an SVG is a bitmap. */
const maxVectorCells = 96 * 96;
/** Longest side of a photograph inside a drawing. */
const maxPictureSide = 1024;

/** What is shown as an SVG: the chosen head, and the compared run's beside it. @throws {Error} before it is there. */
export async function svgOf(store: Store, compared: ComparedRun, pictures: ShownPictures): Promise<string> {
  const { view, lens, layer, head, headState, stack, snapshot } = store;
  if (!view || headState.kind !== 'ready') {
    throw new Error('Nothing is shown yet.');
  }
  const { strings } = snapshot;
  const theme = readTheme();
  const { picture } = headState;
  const other = compared.shown;
  const max = Math.max(picture.matrix.max, other?.picture.matrix.max ?? 0);
  const main: Side = { view, picture, focus: store.focus };
  const sides = other ? [main, { ...other, focus: compared.focus }] : [main];
  const parts: { name: string; part: SvgPart }[] = [];
  for (const side of sides) {
    const name = other ? `${side.view.model.id} · ${nameOf(side.view, strings)}` : '';
    if (side.view.grid) {
      parts.push({ name, part: await patchPart(side, pictures, strings, theme) });
    }
    if (!side.view.grid || !other) {
      const { matrix } = side.picture;
      const bitmap = matrix.weights.length > maxVectorCells ? bitmapOf(matrix, max, theme) : null;
      parts.push({ name, part: svgMatrix(side.picture, side.focus, max, bitmap, theme) });
    }
  }
  if (!other && !view.grid) {
    parts.push({ name: '', part: svgLines(picture, store.focus, theme) });
  }
  return pictureSvg({
    title: pictureTitle(view, stack, lens, layer, head, strings),
    subtitle: sourceOf(view, strings),
    legend: fill(strings.legend, formatWeight(max)),
    theme,
    parts,
  });
}

interface Side {
  readonly view: AttentionView;
  readonly picture: Picture;
  readonly focus: Focus | null;
}

/** The pictures on show as data URLs, by run: for a page that has no extension behind it. */
export async function pictureUrls(
  views: readonly AttentionView[],
  pictures: ShownPictures,
): Promise<Record<number, string>> {
  const urls: Record<number, string> = {};
  for (const { grid, runId } of views) {
    const picture = grid && pictures.of(runId);
    if (picture) {
      urls[runId] = await pictureUrl(picture, maxPictureSide);
    }
  }
  return urls;
}

async function patchPart(
  { view, picture: { units, matrix }, focus }: Side,
  pictures: ShownPictures,
  strings: AttentionStrings,
  theme: Theme,
): Promise<SvgPart> {
  const { grid, runId } = view;
  if (!grid) {
    throw new Error('No picture.');
  }
  const shown = focus ?? restingFocus(matrix, units, grid);
  const decoded = pictures.of(runId);
  const marked = (focus?.units ?? []).map((unit) => (units[unit]?.index ?? -1) - grid.numSpecial);
  return svgPatches(
    {
      grid,
      url: decoded ? await pictureUrl(decoded, maxPictureSide) : null,
      weights: shown ? weightsOfPatches(shown, units, grid) : [],
      marked: marked.filter((patch) => patch >= 0),
      caption: shown ? captionOf(shown, units, grid, strings) : '',
    },
    theme,
  );
}

function nameOf(view: AttentionView, strings: AttentionStrings): string {
  return view.grid ? sourceOf(view, strings) : view.text.slice(0, 40);
}

/** One pixel per weight, as a data URL. */
function bitmapOf(matrix: HeadMatrix, max: number, theme: Theme): string {
  const extent = { rows: matrix.queries.length, columns: matrix.keys.length };
  const canvas = document.createElement('canvas');
  canvas.width = extent.columns;
  canvas.height = extent.rows;
  const image = new ImageData(extent.columns, extent.rows);
  const target = new Uint32Array(image.data.buffer);
  colorize(matrix.weights, extent, max, theme.ramp.pixels, target, 0, extent.columns);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas.toDataURL('image/png');
}
