import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { PreTrainedTokenizer } from '@huggingface/transformers';
import { Tokenizer } from '../../src/inference/tokenizer';
import type { TokenizingCase, TokenizingRow } from './cases';
import { alternate } from './median';

/** Tokenising one long text: ours, with the range of each token, and the library that ours is built on. */
async function main(): Promise<void> {
  const { folders, text, rounds } = JSON.parse(process.argv[2] ?? '') as TokenizingCase;
  const rows: TokenizingRow[] = [];
  for (const folder of folders) {
    const read = (name: string): { readonly model?: { readonly type?: string } } =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
    const definition = read('tokenizer.json');
    const library = new PreTrainedTokenizer(definition, read('tokenizer_config.json'));
    const tokenizer = await Tokenizer.load(folder);
    let [tokens, theirs] = [0, 0];
    const times = await alternate(
      new Map([
        ['ours', () => Promise.resolve((tokens = tokenizer.tokenize(text, Infinity).tokens.length))],
        ['library', () => Promise.resolve((theirs = library.encode(text).length))],
      ]),
      rounds,
    );
    if (tokens !== theirs) {
      throw new Error(`${folder}: ${tokens} tokens here, ${theirs} there`);
    }
    rows.push({
      ...{ name: basename(folder), kind: definition.model?.type ?? '', tokens },
      ours: (1000 * tokens) / (times['ours'] ?? NaN),
      transformersJs: (1000 * tokens) / (times['library'] ?? NaN),
    });
  }
  console.log(JSON.stringify(rows));
}

void main();
