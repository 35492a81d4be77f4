import { open, readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path/posix';
import { join as nativeJoin } from 'node:path';
import { parseModel } from '../onnx/parse';
import { describePretender, pretenderHead } from './pretender';
import { type Dtype, variantsOf } from './variants';

/** Something that keeps a folder from being a model. */
export interface FolderProblem {
  readonly path: string;
  /** `lfs` and `html`: something else lies in the file's place. */
  readonly kind: 'missing' | 'empty' | 'notJson' | 'lfs' | 'html' | 'truncated';
}

export interface FolderReport {
  readonly problems: readonly FolderProblem[];
  /** The weights that can be used, best first. */
  readonly dtypes: readonly Dtype[];
}

/** Graphs with weights beside them are small; larger ones hold their weights themselves. */
const largestParsed = 16_000_000;

/** Looks whether a folder holds a model in Hugging Face layout, and names everything that is missing or broken. */
export async function checkFolder(folder: string): Promise<FolderReport> {
  const files = await listFiles(folder);
  const variants = variantsOf(files.map((path) => ({ path })));
  const problems: FolderProblem[] = [];
  const hasImages = files.some((path) => /^(pre)?processor_config\.json$/.test(path));
  for (const path of hasImages ? ['config.json'] : ['config.json', 'tokenizer.json']) {
    problems.push(...(await checkJson(folder, path)));
  }
  const [best] = variants;
  if (!best) {
    problems.push({ path: 'onnx/model.onnx', kind: 'missing' });
  }
  for (const graph of best?.graphs ?? []) {
    problems.push(...(await checkGraph(folder, graph)));
  }
  return { problems, dtypes: variants.map(({ dtype }) => dtype) };
}

/** Files of the folder and of its `onnx`, with `/` as separator. */
async function listFiles(folder: string): Promise<string[]> {
  const names = async (below: string): Promise<string[]> =>
    readdir(nativeJoin(folder, below)).catch((): string[] => []);
  return [...(await names('')), ...(await names('onnx')).map((name) => `onnx/${name}`)];
}

async function checkJson(folder: string, path: string): Promise<FolderProblem[]> {
  const text = await readFile(nativeJoin(folder, path), 'utf8').catch(() => undefined);
  if (text === undefined) {
    return [{ path, kind: 'missing' }];
  }
  try {
    JSON.parse(text);
    return [];
  } catch {
    return [{ path, kind: pretenderKind(text) ?? (text === '' ? 'empty' : 'notJson') }];
  }
}

async function checkGraph(folder: string, graph: string): Promise<FolderProblem[]> {
  const path = nativeJoin(folder, ...graph.split('/'));
  const { size } = await stat(path);
  if (size === 0) {
    return [{ path: graph, kind: 'empty' }];
  }
  const file = await open(path);
  try {
    const head = Buffer.alloc(pretenderHead);
    const { bytesRead } = await file.read(head, 0, pretenderHead, 0);
    const pretender = pretenderKind(head.toString('latin1', 0, bytesRead));
    if (pretender) {
      return [{ path: graph, kind: pretender }];
    }
    const read = async (position: number): Promise<Uint8Array> => {
      const bytes = Buffer.alloc(20);
      const { bytesRead: length } = await file.read(bytes, 0, bytes.length, position);
      return bytes.subarray(0, length);
    };
    if (!(await isWholeMessage(read, size))) {
      return [{ path: graph, kind: 'truncated' }];
    }
  } finally {
    await file.close();
  }
  return size < largestParsed ? checkWeights(folder, graph, await readFile(path)) : [];
}

/** The files of weights that a graph names must lie beside it. */
async function checkWeights(folder: string, graph: string, bytes: Uint8Array): Promise<FolderProblem[]> {
  let named: readonly string[];
  try {
    named = [...parseModel(bytes).externalFiles];
  } catch {
    return [{ path: graph, kind: 'truncated' }];
  }
  const problems: FolderProblem[] = [];
  for (const name of named) {
    const path = join(dirname(graph), name);
    const found = await stat(nativeJoin(folder, ...path.split('/'))).catch(() => undefined);
    if (!found) {
      problems.push({ path, kind: 'missing' });
    } else if (found.size < 200) {
      // No file of weights is as short as a pointer to one.
      problems.push({ path, kind: 'lfs' });
    }
  }
  return problems;
}

/**
 * Whether the top-level fields of a protobuf message end where the file ends. Only their keys and lengths are read:
 * a file that was cut short has a field that is longer than what is left.
 */
async function isWholeMessage(
  read: (position: number) => Promise<Uint8Array>,
  size: number,
): Promise<boolean> {
  let position = 0;
  while (position < size) {
    const bytes = await read(position);
    const key = varint(bytes, 0);
    if (!key) {
      return false;
    }
    const value = varint(bytes, key.next);
    switch (key.value & 7) {
      case 0:
        position += value?.next ?? Infinity;
        break;
      case 1:
        position += key.next + 8;
        break;
      case 2:
        position += value ? value.next + value.value : Infinity;
        break;
      case 5:
        position += key.next + 4;
        break;
      default:
        return false;
    }
  }
  return position === size;
}

function varint(bytes: Uint8Array, start: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let index = start; index < Math.min(bytes.length, start + 10); index++) {
    const byte = bytes[index]!;
    value += (byte & 0x7f) * 2 ** (7 * (index - start));
    if (byte < 0x80) {
      return { value, next: index + 1 };
    }
  }
  return undefined;
}

function pretenderKind(head: string): 'lfs' | 'html' | undefined {
  const name = describePretender(head);
  return name === undefined ? undefined : name.includes('LFS') ? 'lfs' : 'html';
}
