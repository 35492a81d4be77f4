import type {
  DirectObstacle,
  EffectAnswer,
  EffectBase,
  EffectEdits,
  EffectTarget,
  HeadEffects,
  HeadPlace,
  OcclusionEffects,
  ScoredCandidate,
} from '../protocol/effects';
import { ScopeError } from '../protocol/errors';
import { refuseCancelled } from './cancellation';
import type { HeadEdit, Intervention, RowEdit } from './editFeeds';
import type { EditableModel, PlainReading, RunOptions } from './editableModel';
import { logSoftmax, rank } from './sampling';

/** The ids that a prediction is made from: masked at the position, or up to it. @throws {ScopeError} */
export function idsBefore(
  model: Pick<EditableModel, 'head' | 'special'>,
  ids: readonly number[],
  position: number,
): number[] {
  if (!Number.isInteger(position) || position < 0 || position >= ids.length) {
    throw new ScopeError('badRequest', `token ${position}`);
  }
  if (model.head === 'causal') {
    return ids.slice(0, position + 1);
  }
  const { mask } = model.special;
  if (model.head !== 'masked' || mask === undefined) {
    throw new ScopeError('modelUnsupported', 'it predicts no tokens');
  }
  return ids.map((id, index) => (index === position ? mask : id));
}

/** The prediction as it is. */
export function baseOf(
  model: EditableModel,
  { ids, logits, shapes }: PlainReading,
  actualId: number | undefined,
  topK: number,
): EffectBase {
  const direct: 'yes' | DirectObstacle = model.direct;
  return {
    head: model.head === 'masked' ? 'masked' : 'causal',
    numLayers: shapes.length,
    numHeads: numHeadsOf({ shapes }),
    numTokens: ids.length,
    candidates: likeliest(model, logits, topK),
    actual: actualId === undefined ? null : scored(model, logits, actualId),
    changesAttention: model.changesAttention,
    direct,
    rounds: model.rounds,
  };
}

/** The answer under some edits. */
export async function answerEdited(
  model: EditableModel,
  reading: PlainReading,
  target: EffectTarget,
  edits: EffectEdits,
  other: PlainReading | undefined,
  topK: number,
  options: RunOptions,
): Promise<EffectAnswer> {
  const changed = edits.heads.map((head) => changeOf(reading, other, edits, head));
  const intervention: Intervention = {
    heads: changed.flatMap(({ heads = [] }) => heads),
    rows: changed.flatMap(({ rows = [] }) => rows),
    keys: edits.keys.filter((key) => key < reading.ids.length).map((key) => ({ key })),
  };
  const [logits = reading.logits] = await model.logits(reading, [intervention], options);
  return answerOf(model, logits, target, topK);
}

/** Every head, and every layer's heads together, changed alone. */
export async function rankHeads(
  model: EditableModel,
  reading: PlainReading,
  target: EffectTarget,
  how: Pick<EffectEdits, 'change' | 'onlyAtPosition'>,
  other: PlainReading | undefined,
  options: RunOptions,
): Promise<HeadEffects> {
  const places = placesOf(reading);
  const alone = places.map((place) => changeOf(reading, other, how, place));
  const layers = reading.shapes.map((_, layer): Intervention => {
    const own = alone.filter((_, index) => places[index]!.layer === layer);
    return { heads: own.flatMap(({ heads = [] }) => heads), rows: own.flatMap(({ rows = [] }) => rows) };
  });
  const measure = measureOf(reading.logits, target);
  const effects = (await model.logits(reading, [...alone, ...layers], options)).map(
    (logits) => measure - measureOf(logits, target),
  );
  const heads = tableOf(reading, places, effects);
  return { measure, heads: heads.buffer, layers: Float32Array.from(effects.slice(places.length)).buffer };
}

/** Each group of tokens taken out alone; special tokens and the place itself stay. */
export async function occlude(
  model: EditableModel,
  reading: PlainReading,
  target: EffectTarget,
  groups: readonly number[],
  isFixed: (token: number) => boolean,
  { cancellation, onRows }: RunOptions,
): Promise<OcclusionEffects> {
  const { ids, position, typeIds } = reading;
  const { mask } = model.special;
  const how = model.head === 'masked' && mask !== undefined ? 'mask' : 'removed';
  const measure = measureOf(reading.logits, target);
  const tokens = new Float32Array(ids.length).fill(NaN);
  const starts = ids.map((_, token) => token).filter((token) => groups[token] !== groups[token - 1]);
  for (const [done, start] of starts.entries()) {
    const end = starts[done + 1] ?? ids.length;
    const isIn = (token: number): boolean => token >= start && token < end;
    const fixed = ids.some((_, token) => isIn(token) && (token === position || isFixed(token)));
    // A text of which nothing would be left tells nothing.
    if (!fixed && (how === 'mask' || end - start < ids.length)) {
      const without = ids.flatMap((id, token) =>
        !isIn(token) ? id : how === 'mask' ? (mask as number) : [],
      );
      const types = how === 'mask' ? typeIds : typeIds?.filter((_, token) => !isIn(token));
      const at = how === 'mask' ? position : position - (end - start);
      const { logits } = await model.read(without, types, at);
      tokens.fill(measure - measureOf(logits, target), start, end);
    }
    onRows?.(done + 1, starts.length);
    refuseCancelled(cancellation);
  }
  return { measure, how, tokens: tokens.buffer };
}

/** What is measured, in logits. */
export function measureOf(logits: Float32Array, { targetId, contrastId }: EffectTarget): number {
  const target = logits[targetId];
  const contrast = contrastId === undefined ? mean(logits) : logits[contrastId];
  if (target === undefined || contrast === undefined) {
    throw new ScopeError('badRequest', `token id ${targetId}, ${contrastId}`);
  }
  return target - contrast;
}

export function placesOf({ shapes }: Pick<PlainReading, 'shapes'>): HeadPlace[] {
  return shapes.flatMap(({ numHeads }, layer) =>
    Array.from({ length: numHeads }, (_, head) => ({ layer, head })),
  );
}

/** Numbers of heads as `[layers, heads]`; NaN where a layer has fewer heads than others. */
export function tableOf(
  { shapes }: Pick<PlainReading, 'shapes'>,
  places: readonly HeadPlace[],
  values: readonly number[],
): Float32Array<ArrayBuffer> {
  const numHeads = numHeadsOf({ shapes });
  const table = new Float32Array(shapes.length * numHeads).fill(NaN);
  places.forEach(({ layer, head }, index) => (table[layer * numHeads + head] = values[index]!));
  return table;
}

export function numHeadsOf({ shapes }: Pick<PlainReading, 'shapes'>): number {
  return shapes.reduce((most, { numHeads }) => Math.max(most, numHeads), 0);
}

/** What is to be done to one head. */
function changeOf(
  reading: PlainReading,
  other: PlainReading | undefined,
  { change, onlyAtPosition }: Pick<EffectEdits, 'change' | 'onlyAtPosition'>,
  { layer, head }: HeadPlace,
): Intervention {
  const shape = reading.shapes[layer];
  if (!shape || head >= shape.numHeads) {
    throw new ScopeError('badRequest', `layer ${layer}, head ${head}`);
  }
  const { numQueries, numKeys, size } = shape;
  const only = onlyAtPosition ? { query: reading.position } : {};
  const edit = (value: HeadEdit['with']): Intervention => ({
    heads: [{ layer, head, with: value, ...only }],
  });
  const patternOf = (from: PlainReading, query: number): Float32Array => {
    const start = (head * numQueries + query) * numKeys;
    return from.probabilities[layer]!.subarray(start, start + numKeys);
  };
  const rows = (values: (query: number) => Float32Array): Intervention => {
    const queries = onlyAtPosition
      ? [reading.position]
      : Array.from({ length: numQueries }, (_, each) => each);
    return { rows: queries.map((query): RowEdit => ({ layer, head, query, values: values(query) })) };
  };
  if (change === 'zero' || change === 'mean') {
    return edit(change);
  }
  if (change === 'uniform') {
    return rows((query) => uniform(patternOf(reading, query)));
  }
  if (!other || other.ids.length !== reading.ids.length) {
    throw new ScopeError('badRequest', `${other?.ids.length ?? 0} and ${reading.ids.length} tokens`);
  }
  return change === 'otherPattern'
    ? rows((query) => patternOf(other, query))
    : edit(other.outputs[layer]!.slice(head * numQueries * size, (head + 1) * numQueries * size));
}

/** The same weight for every key that the row gives any: a causal row gives none to what follows. */
function uniform(row: Float32Array): Float32Array {
  const seen = row.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  return row.map((weight) => (weight > 0 ? 1 / seen : 0));
}

export function answerOf(
  model: EditableModel,
  logits: Float32Array,
  target: EffectTarget,
  topK: number,
): EffectAnswer {
  const { targetId, contrastId } = target;
  return {
    candidates: likeliest(model, logits, topK),
    target: scored(model, logits, targetId),
    contrast: contrastId === undefined ? null : scored(model, logits, contrastId),
    measure: measureOf(logits, target),
  };
}

function likeliest({ tokenizer }: EditableModel, logits: Float32Array, count: number): ScoredCandidate[] {
  return rank(logits, count).map(({ id, logProbability }, place) => ({
    id,
    piece: tokenizer.pieceOf(id),
    text: tokenizer.textOf(id),
    probability: Math.exp(logProbability),
    logit: logits[id]!,
    rank: place + 1,
  }));
}

function scored({ tokenizer }: EditableModel, logits: Float32Array, id: number): ScoredCandidate {
  const logit = logits[id];
  if (logit === undefined) {
    throw new ScopeError('badRequest', `token id ${id}`);
  }
  return {
    id,
    piece: tokenizer.pieceOf(id),
    text: tokenizer.textOf(id),
    probability: Math.exp(logSoftmax(logits)[id]!),
    logit,
    rank: 1 + logits.reduce((count, each) => count + (each > logit ? 1 : 0), 0),
  };
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
