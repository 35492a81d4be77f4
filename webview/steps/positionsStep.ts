import { type TemplateResult, html, nothing } from 'lit';
import type { Positions, WithoutPositions } from '../../src/protocol/positions';
import type { CodeStep } from '../../src/protocol/oneNumber';
import type { StepsState } from '../common/stepsPart';
import { fill } from '../common/format';
import { distancePlot } from './distancePlot';
import { heatMap } from './heatMap';
import type { StepFrame } from './stepFrame';

/** Heads that are told to have moved most. */
const numMoved = 3;

/** How the model knows where a token stands, as a picture, and what happens without. */
export function positionsStep(
  positions: Positions,
  state: StepsState,
  chooseHead: (layer: number, head: number) => void,
): StepFrame {
  const { strings, head } = state;
  const { kind, table, bias } = positions;
  const codes: Readonly<Record<Positions['kind'], CodeStep | null>> = {
    learned: 'learned',
    sinusoidal: 'sinusoidal',
    rotary: 'rotary',
    alibi: 'alibi',
    relative: null,
    none: null,
  };
  const total = table?.total ?? table?.numRows ?? 0;
  const what = {
    learned: fill(strings.stepsLearned, total),
    sinusoidal: strings.stepsSinusoidal,
    rotary: strings.stepsRotary,
    alibi: strings.stepsAlibi,
    relative: strings.stepsRelative,
    none: strings.stepsNoPositions,
  }[kind];
  return {
    title: strings.stepsPositions,
    formula: '',
    what,
    why: strings.stepsPositionsWhy,
    code: codes[kind],
    body: html`${table ? tablePictures(positions, state) : nothing}
    ${
      bias
        ? distancePlot(
            [{ name: '', from: bias.from, values: new Float32Array(bias.values) }],
            fill(strings.stepsBias, head),
          )
        : nothing
    }
    ${without(positions, state, chooseHead)}`,
  };
}

function tablePictures({ kind, table }: Positions, { strings }: StepsState): TemplateResult | typeof nothing {
  if (!table) {
    return nothing;
  }
  const { rows, numRows, width, fromFormula } = table;
  const similarity = new Float32Array(table.similarity);
  const caption = kind === 'rotary' ? strings.stepsTableRotary : strings.stepsTable;
  const text = fill(
    strings.stepsSimilarityText,
    ...[similarity[1] ?? 1, similarity[10] ?? similarity.at(-1) ?? 1, similarity.at(-1) ?? 1].map((each) =>
      each.toFixed(2).replace('-', '−'),
    ),
  );
  return html`${heatMap({
      ...{ values: new Float32Array(rows), rows: numRows, columns: width, kind: 'signed', height: 128 },
      ...{ label: `${caption}, ${numRows} × ${width}`, caption: `${caption}, ${numRows} × ${width}` },
    })}
    ${
      fromFormula === undefined
        ? nothing
        : html`<p class="quiet">
            ${fill(strings.stepsSinusoidalSame, fromFormula === 0 ? '0' : fromFormula.toExponential(1))}
          </p>`
    }
    ${distancePlot([{ name: '', from: 0, values: similarity }], strings.stepsSimilarity)}
    <p class="quiet">${text}</p>`;
}

function without(
  { kind, without: found, kept, causal }: Positions,
  state: StepsState,
  chooseHead: (layer: number, head: number) => void,
): TemplateResult {
  const { strings, layer, head } = state;
  if (!found) {
    const why = {
      none: strings.stepsKeptNone,
      otherFile: strings.stepsKeptOtherFile,
      packed: strings.stepsKeptPacked,
      notFound: strings.stepsKeptNotFound,
    }[kept ?? 'none'];
    return html`<p class="quiet">${why}</p>`;
  }
  const own = new Float32Array(found.own);
  const other = new Float32Array(found.without);
  const moved = new Float32Array(found.moved);
  const max = Math.max(...own, ...other);
  const picture = (values: Float32Array, name: string): TemplateResult =>
    heatMap({
      ...{ values, rows: found.numQueries, columns: found.numKeys, kind: 'weights', height: 132, max },
      ...{ label: fill(strings.stepsMatrix, layer, head, name), caption: name },
    });
  const percent = (share: number): string => (100 * share).toFixed(0);
  const most = [...moved.keys()].sort((a, b) => moved[b]! - moved[a]!).slice(0, numMoved);
  return html`<h4>${strings.stepsWithout}</h4>
    <p>
      ${kind === 'rotary' ? strings.stepsWithoutRotary : strings.stepsWithoutLearned}
      ${causal ? strings.stepsWithoutCausal : nothing}
    </p>
    <div class="pictures">${picture(own, strings.stepsWith)}${picture(other, strings.stepsWithoutShort)}</div>
    ${distancePlot(
      [
        { name: strings.stepsWith, ...byDistance(own, found) },
        { name: strings.stepsWithoutShort, ...byDistance(other, found) },
      ],
      strings.stepsByDistance,
    )}
    <p>
      ${fill(strings.stepsMoved, percent(moved[layer * found.numHeads + head] ?? 0))}
      ${strings.stepsMovedMost}
      ${most.map((place, at) => {
        const [of, which] = [Math.floor(place / found.numHeads), place % found.numHeads];
        return html`${at > 0 ? ', ' : ''}<button
            type="button"
            class="link"
            @click=${() => {
              chooseHead(of, which);
            }}
          >
            ${fill(strings.stepsMovedHead, of, which, percent(moved[place] ?? 0))}
          </button>`;
      })}
    </p>`;
}

/** The mean weight of all pairs that are so far apart (key − query). */
function byDistance(
  weights: Float32Array,
  { numQueries, numKeys }: WithoutPositions,
): { readonly from: number; readonly values: Float32Array } {
  const size = numQueries + numKeys - 1;
  const [sums, counts] = [new Float32Array(size), new Float32Array(size)];
  weights.forEach((weight, cell) => {
    const at = (cell % numKeys) - Math.floor(cell / numKeys) + numQueries - 1;
    sums[at]! += weight;
    counts[at]!++;
  });
  return { from: 1 - numQueries, values: sums.map((sum, at) => sum / counts[at]!) };
}
