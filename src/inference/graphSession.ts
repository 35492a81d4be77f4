import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AttentionBlock } from '../onnx/attentionBlock';
import { checkGraph } from '../onnx/checkGraph';
import { type EditableGraph, editableModel } from '../onnx/editGraph';
import { explainNoAttention } from '../onnx/explainNoAttention';
import type { Graph } from '../onnx/graph';
import { type LensGraph, lensModel } from '../onnx/lensGraph';
import { parseModel } from '../onnx/parse';
import { type Tap, tapModel } from '../onnx/tapModel';
import { WireError } from '../onnx/wire';
import { ScopeError } from '../protocol/errors';
import { readGraphFile, readInto } from './modelFolder';
import { type ExternalData, type Session, createSession } from './runtime';

/** A graph of a model folder, ready to run. */
export interface GraphSession {
  /** Which file it is, e.g. `onnx/model.onnx`. */
  readonly name: string;
  /** With its external data. */
  readonly bytes: number;
  readonly graph: Graph;
  /** Empty unless it was tapped. */
  readonly blocks: readonly AttentionBlock[];
  readonly session: Session;
}

/** Opens a graph as it is. @throws {ScopeError} for anything missing or broken. */
export function openGraph(folder: string, names: readonly string[]): Promise<GraphSession> {
  return openWith(folder, names, (file, length) => {
    const bytes = file.subarray(0, length);
    const graph = parseModel(bytes);
    checkGraph(graph);
    return { graph, blocks: [], bytes };
  });
}

/**
 * Opens a graph with its attention among the outputs. @throws {ScopeError} for anything missing or broken.
 * @param accept may refuse a graph before the costly part, by throwing
 * @param more names further tensors of the graph that become outputs
 */
export function openTapped(
  folder: string,
  names: readonly string[],
  accept: (graph: Graph, blocks: readonly AttentionBlock[], name: string) => void = () => undefined,
  what?: ReadonlySet<Tap>,
  more?: (graph: Graph, file: Uint8Array) => readonly string[],
): Promise<GraphSession> {
  return openWith(folder, names, (file, length, name) => {
    const bytes = file.subarray(0, length);
    const tapped = tapModel(file, length, what, more && ((graph) => more(graph, bytes)));
    accept(tapped.graph, tapped.blocks, name);
    return tapped;
  });
}

/** Opens a graph that also answers for each of its layers. @throws {ScopeError} also where that cannot be had */
export async function openLens(
  folder: string,
  names: readonly string[],
): Promise<GraphSession & Pick<LensGraph, 'numLayers' | 'rounds'>> {
  let found = { numLayers: 0, rounds: false };
  const opened = await openWith(folder, names, (file, length, name) => {
    const lens = lensModel(file, length);
    if (!lens) {
      throw new ScopeError('modelUnsupported', `${name}: the head behind the last layer was not found`);
    }
    checkGraph(lens.graph);
    found = { numLayers: lens.numLayers, rounds: lens.rounds };
    return { graph: lens.graph, blocks: [], bytes: lens.bytes };
  });
  return { ...opened, ...found };
}

/** Opens a graph whose attention can be changed while it runs. @throws {ScopeError} also where there is none */
export async function openEditable(
  folder: string,
  names: readonly string[],
): Promise<Omit<GraphSession, 'blocks'> & Omit<EditableGraph, 'bytes'>> {
  let found: EditableGraph | undefined;
  const opened = await openWith(folder, names, (file, length, name) => {
    found = editableModel(file, length);
    if (!found) {
      throw new ScopeError('modelUnsupported', `${name} gives no logits, so that nothing tells an effect`);
    }
    if (found.blocks.length === 0) {
      throw new ScopeError('modelUnsupported', `${name}: ${explainNoAttention(found.graph)}`);
    }
    return found;
  });
  const { blocks, direct, rounds } = found as EditableGraph;
  return { ...opened, blocks, direct, rounds };
}

async function openWith(
  folder: string,
  names: readonly string[],
  prepare: (
    file: Uint8Array,
    length: number,
    name: string,
  ) => { graph: Graph; blocks: readonly AttentionBlock[]; bytes: Uint8Array },
): Promise<GraphSession> {
  const { bytes: file, length, name } = await readGraphFile(folder, names);
  try {
    const { graph, blocks, bytes } = prepare(file, length, name);
    const external = await readExternal(join(folder, dirname(name)), graph.externalFiles);
    const total = external.reduce((sum, { data }) => sum + data.length, length);
    return { name, bytes: total, graph, blocks, session: await createSession(bytes, external) };
  } catch (error) {
    if (error instanceof WireError) {
      throw new ScopeError('modelCorrupt', `${name}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** The files in which a large model keeps its weights: one file of the format holds 2 GB at most. */
export async function readExternal(folder: string, locations: ReadonlySet<string>): Promise<ExternalData[]> {
  const files: ExternalData[] = [];
  for (const path of locations) {
    const file = await open(join(folder, path)).catch((error: unknown) => {
      throw new ScopeError('modelMissing', join(folder, path), { cause: error });
    });
    try {
      const { size } = await file.stat();
      const data = new Uint8Array(size);
      await readInto(file, data, size, path);
      files.push({ path, data });
    } finally {
      await file.close();
    }
  }
  return files;
}
