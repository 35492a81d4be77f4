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
  // A scale for each row would tell the rows apart again, so it becomes one and the same, too.
  const rowsOf = tables.map((table) => [table.weight, ...scalesOfRows(model, table)]);
  const isPlain = tables.every(({ node }) => node.opType === 'Gather');
  if (!isPlain || !rowsOf.flat().every((each) => each.data && Number.isInteger(bytesOfRow(model, each)))) {
    return 'packed';
  }
  rowsOf.flat().forEach((each) => {
    equaliseRows(model, each, row);
  });
  return undefined;
}

function equaliseRows(model: ModelGraph, tensor: StoredTensor, row: number): void {
  const [rows = 1] = tensor.dims;
  const bytes = bytesOf(model, tensor);
  const length = bytesOfRow(model, tensor);
  const from = Math.min(row, rows - 1) * length;
  const same = bytes.slice(from, from + length);
  for (let each = 0; each < rows; each++) {
    bytes.set(same, each * length);
  }
}

function bytesOfRow(model: ModelGraph, tensor: StoredTensor): number {
  return bytesOf(model, tensor).length / (tensor.dims[0] ?? 1);
}

function bytesOf(model: ModelGraph, { data }: StoredTensor): Uint8Array {
  return model.file.subarray(data?.start, data?.end);
}

/** Where the rows were made integers one by one: what each is multiplied by, and its zero point. */
function scalesOfRows(model: ModelGraph, { node, weight }: Table): StoredTensor[] {
  const around = [
    model.index.producers.get(node.inputs[0] ?? ''),
    ...(model.index.consumers.get(node.outputs[0] ?? '') ?? []),
  ];
  return around
    .filter((each) => each?.opType === 'DequantizeLinear' || each?.opType === 'Mul')
    .flatMap((each) => each?.inputs ?? [])
    .map((input) => model.storedBehind(input))
    .filter((each) => each !== undefined && each !== weight && each.dims[0] === weight.dims[0])
    .map((each) => each as StoredTensor);
}
