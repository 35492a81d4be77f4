import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import type { ComparedRun } from './comparedRun';
import type { Lens } from './lens';
import type { Picture, Unit } from './picture';
import type { Stack } from '../../src/attention/stack';
import type { Store } from './store';
import { directionName, stackNameOf } from './stackNames';

/** What a picture shows, in words: stands in every file that is kept of it. */
export function pictureTitle(
  view: AttentionView,
  stack: Stack | null,
  lens: Lens,
  layer: number,
  head: number,
  strings: AttentionStrings,
): string {
  const what = {
    head: fill(strings.layerHead, layer, head),
    chosenMean: `${strings.showChosenMean} (${headNames(lens)})`,
    chosenMax: `${strings.showChosenMax} (${headNames(lens)})`,
    layerMean: `${fill(strings.layerNumber, layer)}: ${strings.showLayerMean}`,
    layerMax: `${fill(strings.layerNumber, layer)}: ${strings.showLayerMax}`,
    allMean: strings.showAllMean,
    allMax: strings.showAllMax,
    rollout: `${strings.showRollout} (${layer})`,
    flow: `${strings.showFlow} (${layer})`,
  }[lens.combination];
  const of = stack && stack.name !== 'only' ? [strings[stackNameOf[stack.name]]] : [];
  const direction = lens.direction === 'all' ? [] : [directionName(lens.direction)];
  return [view.model.id, ...of, what, ...direction].join(' · ');
}

function headNames(lens: Lens): string {
  return lens.chosen.map(({ layer, head }) => `${layer}.${head}`).join(', ');
}

/** A run on show and its weights through the lens. */
interface Shown {
  readonly view: AttentionView;
  readonly picture: Picture;
}

/** The weights on show as a table: the first row names the keys, the first column the queries. A compared run follows. */
export function shownCsv(picture: Picture, compared: Shown | null, strings: AttentionStrings): string {
  const table = tableOf(picture);
  return compared
    ? [table, quoted(`${strings.comparedWith} ${compared.view.model.id}`), tableOf(compared.picture)].join(
        '\r\n',
      )
    : table;
}

function tableOf({ units, matrix }: Picture): string {
  const name = (unit: number): string => quoted(visibleText(units[unit] as Unit));
  const rows = matrix.queries.map((query) =>
    [name(query), ...matrix.keys.map((key) => String(matrix.at(query, key)))].join(','),
  );
  return [['', ...matrix.keys.map(name)].join(','), ...rows, ''].join('\r\n');
}

/** The weights on show, and those they are compared with, with everything that is needed to know what they are. */
export function shownJson(
  { lens, layer, head }: Pick<Store, 'lens' | 'layer' | 'head'>,
  view: AttentionView,
  picture: Picture,
  { shown, head: other }: Pick<ComparedRun, 'shown' | 'head'>,
): string {
  const main = { ...factsOf({ view, picture }), layer, head, countedFrom: 0, lens };
  const compared = shown ? { compared: { ...factsOf(shown), layer: other.layer, head: other.head } } : {};
  return JSON.stringify({ ...main, ...compared }, null, 1);
}

function factsOf({ view, picture: { units, matrix } }: Shown): object {
  const { model, source, causal, grid } = view;
  return {
    model: { id: model.id, type: model.modelType, graph: model.graphFile, runtime: model.runtime },
    source,
    causal,
    ...(grid ? { grid } : {}),
    tokens: units.map(({ index, count, piece, text, id, start, end, special }) => ({
      index,
      count,
      piece,
      text,
      id,
      start,
      end,
      special,
    })),
    /** Places in `tokens`. */
    queries: matrix.queries,
    keys: matrix.keys,
    weights: matrix.queries.map((query) => matrix.keys.map((key) => matrix.at(query, key))),
  };
}

/** A spreadsheet must read a token as text: not as a formula, and not as two cells. */
function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
