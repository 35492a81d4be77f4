import { dirname, join } from 'node:path';
import { readConfigFacts } from '../compare/configFacts';
import { layerWirings } from '../compare/layerWiring';
import { ModelGraph } from '../compare/modelGraph';
import { ElementType } from '../onnx/graph';
import { isScopeError, toScopeError } from '../protocol/errors';
import { type SublayerWeights, sublayerWeights } from '../scratch/sublayerWeights';
import { readExternal } from './graphSession';
import type { ReadWeights } from './layerRows';
import { type JsonObject, readGraphFile, readJson } from './modelFolder';

/**
 * Reads the weights of one layer out of the file. The file is read for it once more and not kept: what one layer
 * needs of it is small.
 * @throws {ScopeError} for a file that is missing or broken; weights of an unknown form are told as a gap
 */
export async function readLayerWeights(folder: string, name: string, layer: number): Promise<ReadWeights> {
  const { bytes, length } = await readGraphFile(folder, [name]);
  const file = bytes.subarray(0, length);
  const first = ModelGraph.read(file);
  const { externalFiles } = first.graph;
  const beside = await readExternal(join(folder, dirname(name)), externalFiles);
  const model =
    beside.length === 0
      ? first
      : ModelGraph.of(first.graph, file, new Map(beside.map(({ path, data }) => [path, data])));
  const wiring = layerWirings(model)[layer];
  const weights: SublayerWeights[] = [];
  const products = wiring?.sublayers.map(({ output }) => output.use) ?? [];
  // The configuration only helps to name the activation.
  const config = await readJson(folder, 'config.json').catch((): JsonObject => ({}));
  const { activation } = readConfigFacts(config);
  const facts = {
    weights,
    activation,
    rounds: products.some(({ node }) => node.opType.includes('Integer') || node.opType.startsWith('QLinear')),
    half: products.some(({ weight }) => weight.elementType === ElementType.float16),
  };
  try {
    for (const each of wiring?.sublayers ?? []) {
      weights.push(sublayerWeights(model, each));
    }
  } catch (error) {
    if (!isScopeError(error, 'modelUnsupported')) {
      throw error;
    }
    return { ...facts, gap: { why: 'weights', detail: toScopeError(error).detail ?? '' } };
  }
  return { ...facts, ...(wiring?.gap && { gap: { why: wiring.gap } }) };
}
