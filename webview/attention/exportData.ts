import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { AttentionView } from '../../src/protocol/attentionPage';
import { fill } from '../common/format';
import { visibleText } from '../common/tokenText';
import type { Lens } from './lens';
import type { Picture } from './picture';

/** What a picture shows, in words: stands in every file that is kept of it. */
export function pictureTitle(
  view: AttentionView,
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
  }[lens.combination];
  return `${view.model.id} · ${what}`;
}

function headNames(lens: Lens): string {
  return lens.chosen.map(({ layer, head }) => `${layer}.${head}`).join(', ');
}

/** The weights on show as a table: the first row names the keys, the first column the queries. */
export function pictureCsv({ units, matrix }: Picture): string {
  const names = units.map((unit) => quoted(visibleText(unit)));
  const rows = names.map((name, query) =>
    [name, ...names.map((_, key) => String(matrix.at(query, key)))].join(','),
  );
  return [['', ...names].join(','), ...rows, ''].join('\r\n');
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
      weights: units.map((_, query) => units.map((__, key) => matrix.at(query, key))),
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
