import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import type { Lens } from './lens';
import type { Picture, Unit } from './picture';
import type { Stack } from '../../src/attention/stack';
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

/** The weights on show as a table: the first row names the keys, the first column the queries. */
export function pictureCsv({ units, matrix }: Picture): string {
  const name = (unit: number): string => quoted(visibleText(units[unit] as Unit));
  const rows = matrix.queries.map((query) =>
    [name(query), ...matrix.keys.map((key) => String(matrix.at(query, key)))].join(','),
  );
  return [['', ...matrix.keys.map(name)].join(','), ...rows, ''].join('\r\n');
}

/** The weights on show with everything that is needed to know what they are. */
export function pictureJson(
  view: AttentionView,
  lens: Lens,
  layer: number,
  head: number,
  { units, matrix }: Picture,
): string {
  const { model, source, causal } = view;
  return JSON.stringify(
    {
      model: { id: model.id, type: model.modelType, graph: model.graphFile, runtime: model.runtime },
      source,
      causal,
      layer,
      head,
      countedFrom: 0,
      lens,
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
    },
    null,
    1,
  );
}

/** A spreadsheet must read a token as text: not as a formula, and not as two cells. */
function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
