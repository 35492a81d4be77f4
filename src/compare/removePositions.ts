import type { ModelGraph } from './modelGraph';
import type { StoredTensor } from '../onnx/readWeights';
import type { PositionWiring } from './positionWiring';
import type { Table } from './weightUses';

/** Why positions cannot be taken out of a file. */
export type PositionsStay = 'none' | 'otherFile' | 'packed' | 'notFound';

/**
 * Takes the knowledge of positions out of a graph, in its bytes, so that a run shows what the model is without it:
 * every position gets one and the same row of the table; where queries and keys are turned, the speeds become 0.
 * @param row of the table, that all others become
 * @returns why that cannot be done, else undefined; the bytes of `model.file` are then changed
 */
export function removePositions(
  model: ModelGraph,
  { kind, tables, frequencies }: PositionWiring,
  row: number,
): PositionsStay | undefined {
  if (kind === 'none') {
    return 'none';
  }
  const stored = kind === 'rotary' ? frequencies : tables.map(({ weight }) => weight);
  if (stored.length === 0) {
    return 'notFound';
  }
  if (stored.some(({ data }) => !data)) {
    return stored.some(({ beside }) => beside) ? 'otherFile' : 'packed';
  }
  if (kind === 'rotary') {
    stored.forEach((each) => bytesOf(model, each).fill(0));
    return undefined;
  }
  if (!tables.every((each) => hasPlainRows(model, each))) {
    return 'packed';
  }
  for (const { weight } of tables) {
    const [rows = 1] = weight.dims;
    const bytes = bytesOf(model, weight);
    const length = bytes.length / rows;
    const from = Math.min(row, rows - 1) * length;
    const same = bytes.slice(from, from + length);
    for (let each = 0; each < rows; each++) {
      bytes.set(same, each * length);
    }
  }
  return undefined;
}

function bytesOf(model: ModelGraph, { data }: StoredTensor): Uint8Array {
  return model.file.subarray(data?.start, data?.end);
}

/** Whether a row is a stretch of bytes: scales that differ from row to row would tell the rows apart again. */
function hasPlainRows(model: ModelGraph, { node, weight }: Table): boolean {
  const around = [
    model.index.producers.get(node.inputs[0] ?? ''),
    ...(model.index.consumers.get(node.outputs[0] ?? '') ?? []),
  ];
  const hasOwnScales = around.some((each) => {
    const scale = each?.opType === 'DequantizeLinear' || each?.opType === 'Mul' ? each.inputs[1] : undefined;
    return scale !== undefined && model.storedBehind(scale)?.dims[0] === weight.dims[0];
  });
  const isWhole = Number.isInteger(bytesOf(model, weight).length / (weight.dims[0] ?? 1));
  return node.opType === 'Gather' && isWhole && !hasOwnScales;
}
