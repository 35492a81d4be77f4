import { graphNames } from '../protocol/graphNames';
import { describePretender } from '../hub/pretender';
import { editTailRoom } from '../onnx/editGraph';
import { ScopeError } from '../protocol/errors';
import { fileSize, readBytes, readText } from './modelFiles';

/** A model in Hugging Face layout on disk: `config.json`, `tokenizer.json`, `onnx/*.onnx`. */

/** How exporters name the file of weights beside a graph. */
const externalSuffixes = ['_data', '.data'];

export type JsonObject = Readonly<Record<string, unknown>>;

/** Reads a JSON object. @throws {ScopeError} `modelMissing`, or `modelCorrupt` when it is no object. */
export async function readJson(folder: string, name: string): Promise<JsonObject> {
  const text = await readText(folder, name).catch((error: unknown) => {
    throw new ScopeError('modelMissing', `${folder}/${name}`, { cause: error });
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as JsonObject;
    }
  } catch (error) {
    throw new ScopeError('modelCorrupt', `${name}: ${describePretender(text) ?? String(error)}`);
  }
  throw new ScopeError('modelCorrupt', `${name}: not a JSON object`);
}

/**
 * Reads the model's graph into an array with room behind it for the tapped outputs.
 * @param names the files to look for, best first
 * @returns the array, the length of the file in it, and which file it was.
 */
export async function readGraphFile(
  folder: string,
  names: readonly string[] = graphNames('fp32'),
): Promise<{ bytes: Uint8Array; length: number; name: string }> {
  for (const name of names) {
    const file = await readBytes(folder, name, editTailRoom);
    if (!file) {
      continue;
    }
    const { bytes, length } = file;
    const pretender = describePretender(
      new TextDecoder('latin1').decode(bytes.subarray(0, Math.min(length, 200))),
    );
    if (pretender) {
      throw new ScopeError('modelCorrupt', `${name}: ${pretender}`);
    }
    return { bytes, length, name };
  }
  throw new ScopeError('modelMissing', `${folder}/${names[0] as string}`);
}

/** Size of the graph that {@link readGraphFile} would read, with weights beside it; 0 when there is none. */
export async function graphFileSize(
  folder: string,
  names: readonly string[] = graphNames('fp32'),
): Promise<number> {
  for (const name of names) {
    const found = await fileSize(folder, name);
    if (found !== undefined) {
      const beside = await Promise.all(
        externalSuffixes.map(async (suffix) => (await fileSize(folder, name + suffix)) ?? 0),
      );
      return beside.reduce((sum, size) => sum + size, found);
    }
  }
  return 0;
}
