import type { LayerWeights } from '../attention/weights';
import { tablePicture, rotaryPicture } from '../attention/positionPictures';
import { ModelGraph } from '../compare/modelGraph';
import { type PositionWiring, positionWiring } from '../compare/positionWiring';
import { type PositionsStay, removePositions } from '../compare/removePositions';
import type { PositionTable } from '../protocol/positions';
import { isScopeError } from '../protocol/errors';
import { storedNumbers } from '../scratch/constantMatrix';
import { tableMatrix } from '../scratch/readModelWeights';
import { openTapped } from './graphSession';
import { readJson } from './modelFolder';
import type { BlockKind } from './operandModel';
import type { OutputTensor } from './runtime';
import { type StackInput, stackFeeds } from './stackInput';

/** How a graph knows positions, and what it attends to when they are taken from it. */
export interface ReadPositions {
  readonly kind: PositionWiring['kind'];
  readonly table: PositionTable | null;
  /** Attention of every layer without positions, where they can be taken out. */
  readonly without: readonly LayerWeights[] | null;
  readonly stay: PositionsStay | null;
}

/**
 * Reads the positions of a graph, takes them out of a copy in memory and runs that on a text.
 * @param numKeys as many as tokens, but in cross attention
 * @throws {ScopeError} for anything missing or broken
 */
export async function readPositions(
  folder: string,
  names: readonly string[],
  input: StackInput,
  kind: BlockKind,
  numKeys: number,
): Promise<ReadPositions> {
  const config = await readJson(folder, 'config.json');
  const numTokens = input.ids.length;
  let found: Omit<ReadPositions, 'without'> = { kind: 'none', table: null, stay: 'none' };
  const opened = await openTapped(folder, names, undefined, undefined, (graph, file) => {
    const model = ModelGraph.of(graph, file);
    const wiring = positionWiring(model, config);
    const table = pictureOf(model, wiring);
    // A row from the middle of the text, where a position is nothing special.
    const stay = removePositions(model, wiring, wiring.firstRow + Math.floor(numTokens / 2)) ?? null;
    found = { kind: wiring.kind, table, stay };
    return [];
  });
  try {
    if (found.stay !== null) {
      return { ...found, without: null };
    }
    const blocks = opened.blocks.filter((block) => (block.kind === 'cross') === (kind === 'cross'));
    const tensors = blocks.map(({ probabilities }) => probabilities);
    const outputs = await opened.session.run(stackFeeds(opened.graph.inputs, input), tensors);
    const without = tensors.map((name) => {
      const { data } = outputs.get(name) as OutputTensor;
      return { numHeads: data.length / (numTokens * numKeys), numTokens, numKeys, data };
    });
    return { ...found, without };
  } finally {
    await opened.session.release();
  }
}

function pictureOf(
  model: ModelGraph,
  { kind, tables: [table], firstRow, frequencies: [frequencies] }: PositionWiring,
): PositionTable | null {
  if (kind === 'rotary') {
    return frequencies ? rotaryOf(storedNumbers(model, frequencies)) : null;
  }
  if (!table || kind === 'relative') {
    return null;
  }
  try {
    return tablePicture(tableMatrix(model, table), firstRow, kind === 'sinusoidal');
  } catch (error) {
    if (isScopeError(error, 'modelUnsupported')) {
      return null;
    }
    throw error;
  }
}

/** The first pair turns by 1, the second by base^(−2 / headWidth). */
function rotaryOf(speeds: Float32Array): PositionTable {
  const [first = 1, second = 1] = speeds;
  return rotaryPicture((first / second) ** speeds.length, 2 * speeds.length);
}
