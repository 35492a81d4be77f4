import type { EffectTarget } from '../protocol/effects';
import { ScopeError } from '../protocol/errors';
import { refuseCancelled } from './cancellation';
import type { EditableModel, PlainReading, RunOptions } from './editableModel';
import { measureOf, placesOf, tableOf } from './effects';

/**
 * States are put through the head so large that the norm's ε no longer matters: the deviation they are given. Larger
 * ones would overflow float16.
 */
const largeDeviation = 100;
/** A head of a norm and a matrix gives the same for a sum as for its parts; int8 rounds. */
const linearTolerance = { exact: 1e-3, rounding: 0.15 };
/** States that go through the head at once. */
const rowsAtOnce = 64;

/** What each head adds to the measure by the residual stream alone. */
export interface DirectContributions {
  readonly measure: number;
  /** `[layers, heads]`. */
  readonly heads: Float32Array<ArrayBuffer>;
  readonly rest: number;
}

/**
 * The logit that each head's output adds by itself, through its part of the output projection, the final norm with the
 * scale it has in this run, and the unembedding ("direct logit attribution", Elhage et al. 2021). No weight is read:
 * the graph itself projects each head's output alone, and its own head behind the last layer, which takes any state,
 * tells what that is in logits.
 * @throws {ScopeError} `modelUnsupported` where no head's output reaches the logits so
 */
export async function directEffects(
  model: EditableModel,
  reading: PlainReading,
  target: EffectTarget,
  options: RunOptions,
): Promise<DirectContributions> {
  if (model.direct !== 'yes') {
    throw new ScopeError('modelUnsupported', model.direct);
  }
  const places = placesOf(reading);
  const shares = await headShares(model, reading, (layer) => reading.outputs[layer]!, options);
  const atPosition = shares.map(({ data, width }) =>
    data.subarray(reading.position * width, (reading.position + 1) * width),
  );
  const scale = await headScale(model, await model.state(reading), options);
  const values: number[] = [];
  for (let next = 0; next < atPosition.length; next += rowsAtOnce) {
    const rows = await scale.logitsOf(atPosition.slice(next, next + rowsAtOnce));
    values.push(...rows.map((logits) => measureOf(logits, target)));
  }
  const measure = measureOf(reading.logits, target);
  return {
    measure,
    heads: tableOf(reading, places, values),
    rest: measure - values.reduce((sum, value) => sum + value, 0),
  };
}

/** A head's part of what its layer adds to the residual stream, `[tokens, width]`, without the bias of all. */
export interface HeadShare {
  readonly data: Float32Array;
  readonly width: number;
}

/**
 * Each head's given output alone through its output projection, in the order of {@link placesOf}: head `h` of every
 * layer in one row of a batch, since a layer's own output is replaced and no longer depends on what came before.
 * @param outputOf `[heads, tokens, size]` of a layer
 */
export async function headShares(
  model: EditableModel,
  reading: PlainReading,
  outputOf: (layer: number) => Float32Array,
  options: RunOptions,
): Promise<HeadShare[]> {
  const { shapes } = reading;
  const most = shapes.reduce((count, { numHeads }) => Math.max(count, numHeads), 0);
  const only = (
    chosen: number,
  ): { heads: { layer: number; head: number; with: 'zero' | Float32Array }[] } => ({
    heads: shapes.flatMap(({ numHeads, numQueries, size }, layer) =>
      Array.from({ length: numHeads }, (_, head) => {
        const part = outputOf(layer).slice(head * numQueries * size, (head + 1) * numQueries * size);
        return { layer, head, with: head === chosen ? part : ('zero' as const) };
      }),
    ),
  });
  // The last row has no head at all: what is left is the projection's bias.
  const rows = Array.from({ length: most + 1 }, (_, head) => only(head));
  const results = await model.results(reading, rows, options);
  const bias = results[most]!;
  return shapes.flatMap(({ numHeads }, layer) =>
    Array.from({ length: numHeads }, (_, head) => {
      const { data, width } = results[head]![layer]!;
      return { data: data.map((value, at) => value - bias[layer]!.data[at]!), width };
    }),
  );
}

interface HeadScale {
  /** Logits `[vocabulary]` that each of some parts of the state adds, the norm's scale being that of the whole. */
  logitsOf(parts: readonly Float32Array[]): Promise<Float32Array[]>;
}

/**
 * Finds out what the norm in the head does by trying: whether it takes the mean away, by what it divides this state,
 * and whether all else is linear.
 */
async function headScale(
  model: EditableModel,
  state: Float32Array,
  { cancellation }: RunOptions,
): Promise<HeadScale> {
  const nothing = new Float32Array(state.length);
  const constant = new Float32Array(state.length).fill(largeDeviation);
  const [plain, zero, flat] = (await model.throughHead([state, nothing, constant])) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  // A norm that takes the mean away leaves nothing of a constant.
  const centres = distance(flat, zero) < 0.1 * distance(plain, zero);
  const deviation = (part: Float32Array): number => {
    const middle = centres ? part.reduce((sum, value) => sum + value, 0) / part.length : 0;
    return Math.sqrt(part.reduce((sum, value) => sum + (value - middle) ** 2, 0) / part.length);
  };
  const unscaled = async (parts: readonly Float32Array[]): Promise<Float32Array[]> => {
    refuseCancelled(cancellation);
    const deviations = parts.map(deviation);
    const large = parts.map((part, row) =>
      deviations[row] === 0 ? nothing : part.map((value) => (value / deviations[row]!) * largeDeviation),
    );
    const [none, ...rows] = (await model.throughHead([nothing, ...large])) as [
      Float32Array,
      ...Float32Array[],
    ];
    return rows.map((logits, row) => logits.map((value, id) => (value - none[id]!) * deviations[row]!));
  };
  const halves = [0, 1].map((odd) => state.map((value, at) => (at % 2 === odd ? value : 0)));
  const [whole, left, right] = (await unscaled([state, ...halves])) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const sum = left.map((value, id) => value + right[id]!);
  const tolerance = model.rounds ? linearTolerance.rounding : linearTolerance.exact;
  if (distance(sum, whole) > tolerance * Math.sqrt(dot(whole, whole))) {
    throw new ScopeError('modelUnsupported', 'notLinear');
  }
  // whole / scale = plain − zero, by least squares over the vocabulary.
  const given = plain.map((value, id) => value - zero[id]!);
  const scale = dot(whole, given) / dot(given, given);
  return {
    logitsOf: async (parts) => (await unscaled(parts)).map((logits) => logits.map((value) => value / scale)),
  };
}

function distance(one: Float32Array, other: Float32Array): number {
  return Math.sqrt(one.reduce((sum, value, at) => sum + (value - other[at]!) ** 2, 0));
}

function dot(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, at) => sum + value * other[at]!, 0);
}
