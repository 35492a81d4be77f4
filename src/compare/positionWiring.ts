import type { StoredTensor } from '../onnx/readWeights';
import type { Architecture } from '../protocol/architecture';
import { positionsOf, readGraph, usablePositions } from './architecture';
import { readConfigFacts } from './configFacts';
import { type ModelGraph, sizeOf } from './modelGraph';
import type { Table } from './weightUses';

/** How a graph knows where a token stands, and where in it that is written. */
export interface PositionWiring {
  readonly kind: Architecture['positions'];
  /** Tables with a row for each position, or of relative positions one for each range of distances. */
  readonly tables: readonly Table[];
  /** The row of position 0: some families keep the first rows for something else. */
  readonly firstRow: number;
  /** The speeds at which the pairs of a query and a key are turned, where positions are rotary. */
  readonly frequencies: readonly StoredTensor[];
}

/** Exports compute angles from stored speeds in a few steps. */
const maxDepth = 12;

/** @param config `config.json` */
export function positionWiring(model: ModelGraph, config: Readonly<Record<string, unknown>>): PositionWiring {
  const facts = readConfigFacts(config);
  const read = readGraph(model, facts);
  const kind = positionsOf([read], facts);
  const tables = read.placed
    .filter(({ part, use }) => part === 'positionEmbedding' && use.kind === 'table')
    .map(({ use }) => use as Table);
  const rows = tables[0]?.weight.dims[0] ?? 0;
  const isAbsolute = kind === 'learned' || kind === 'sinusoidal';
  return {
    kind,
    tables: kind === 'rotary' ? [] : tables,
    firstRow: isAbsolute ? Math.max(0, rows - usablePositions(rows, facts)) : 0,
    frequencies: kind === 'rotary' ? findFrequencies(model) : [],
  };
}

/** What cosines are taken of is made of positions and these. */
function findFrequencies(model: ModelGraph): StoredTensor[] {
  const found = model.graph.nodes
    .filter(({ opType }) => opType === 'Cos')
    .map(({ inputs }) => speedsBehind(model, inputs[0] ?? '', 0))
    .filter((each) => each !== undefined);
  return [...new Set(found)];
}

function speedsBehind(model: ModelGraph, tensor: string, depth: number): StoredTensor | undefined {
  const stored = model.stored.get(tensor);
  if (stored) {
    const isVector = stored.dims.length > 0 && sizeOf(stored) === Math.max(...stored.dims);
    return isVector && stored.elementType === 1 ? stored : undefined;
  }
  const inputs = depth < maxDepth ? (model.index.producers.get(tensor)?.inputs ?? []) : [];
  for (const input of inputs) {
    const found = speedsBehind(model, input, depth + 1);
    if (found) {
      return found;
    }
  }
  return undefined;
}
