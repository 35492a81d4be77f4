import { type JsonObject, readJson } from './modelFolder';
import type { Tokenizer } from './tokenizer';

/** Token ids with a role in a language model's work. */
export interface SpecialIds {
  readonly mask: number | undefined;
  /** Tokens that end a text; generation stops at any of them. */
  readonly ends: ReadonlySet<number>;
  /** What generation from nothing starts with. */
  readonly begin: number | undefined;
}

/** Gathers the ids that `generation_config.json`, `config.json` and the tokenizer's files state. */
export async function readSpecialIds(
  folder: string,
  config: JsonObject,
  tokenizer: Tokenizer,
): Promise<SpecialIds> {
  const optional = (name: string): Promise<JsonObject> => readJson(folder, name).catch(() => ({}));
  const generation = await optional('generation_config.json');
  const named = {
    ...(await optional('special_tokens_map.json')),
    ...(await optional('tokenizer_config.json')),
  };
  const idOf = (role: string): number | undefined => {
    const piece = contentOf(named[role]);
    return piece === undefined ? undefined : tokenizer.idOf(piece);
  };
  const stated = [generation['eos_token_id'] ?? config['eos_token_id']].flat().filter(isNumber);
  const end = idOf('eos_token');
  return {
    mask: idOf('mask_token') ?? tokenizer.idOf('[MASK]') ?? tokenizer.idOf('<mask>'),
    ends: new Set(stated.length === 0 && end !== undefined ? [end] : stated),
    begin: [generation['bos_token_id'], config['bos_token_id']].find(isNumber) ?? idOf('bos_token'),
  };
}

/** A special token is a string, or an object with `content`. */
function contentOf(token: unknown): string | undefined {
  const content = typeof token === 'object' && token !== null && 'content' in token ? token.content : token;
  return typeof content === 'string' ? content : undefined;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
