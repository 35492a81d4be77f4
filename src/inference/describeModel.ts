import { type ModelFile, describeArchitecture } from '../compare/architecture';
import { encoderNames, graphNames } from '../protocol/graphNames';
import { WireError } from '../onnx/wire';
import type { Architecture } from '../protocol/architecture';
import { ScopeError } from '../protocol/errors';
import type { ModelSource, Precision } from '../protocol/model';
import { readConfig } from './modelConfig';
import { graphFileSize, readGraphFile, readJson } from './modelFolder';
import { seq2seqFiles } from './seq2seqFiles';

/**
 * Reads what a model is made of; nothing is run, and no session is made.
 * @throws {ScopeError} for anything missing or broken
 */
export async function describeModel(
  { id, folder }: ModelSource,
  precision: Precision,
): Promise<Architecture> {
  const config = await readJson(folder, 'config.json');
  const names = graphNames(precision);
  const wanted = readConfig(config).isEncoderDecoder
    ? [encoderNames(names), seq2seqFiles(precision).decoder]
    : [names];
  const files: ModelFile[] = [];
  for (const each of wanted) {
    const { bytes, length } = await readGraphFile(folder, each);
    files.push({ bytes: bytes.subarray(0, length), fileBytes: await graphFileSize(folder, each) });
  }
  try {
    return describeArchitecture(id, config, files);
  } catch (error) {
    if (error instanceof WireError) {
      throw new ScopeError('modelCorrupt', error.message, { cause: error });
    }
    throw error;
  }
}
