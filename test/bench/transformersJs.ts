import { basename, dirname } from 'node:path';
import { AutoModel, AutoModelForCausalLM, Tensor, env } from '@huggingface/transformers';
import type { Precision } from './graphWriter';

/** The same model folder through transformers.js, as it runs in Node: over onnxruntime-node. */

export type Call = (inputs: Record<string, Tensor>) => Promise<unknown>;

interface Generator {
  generate(options: Record<string, unknown>): Promise<Tensor>;
}

export async function loadForward(folder: string, precision: Precision, threads: number): Promise<Call> {
  return (await AutoModel.from_pretrained(local(folder), optionsOf(precision, threads))) as unknown as Call;
}

export async function loadGenerator(
  folder: string,
  precision: Precision,
  threads: number,
): Promise<(ids: readonly number[], newTokens: number) => Promise<number[]>> {
  const model = (await AutoModelForCausalLM.from_pretrained(
    local(folder),
    optionsOf(precision, threads),
  )) as unknown as Generator;
  return async (ids, newTokens) => {
    const result = await model.generate({
      ...textInputs(ids),
      max_new_tokens: newTokens,
      min_new_tokens: newTokens,
      do_sample: false,
    });
    return Array.from(result.data as BigInt64Array, Number).slice(ids.length);
  };
}

export function textInputs(ids: readonly number[]): Record<string, Tensor> {
  const dims = [1, ids.length];
  return {
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), dims),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
  };
}

/** Paths are looked up below one folder; nothing is fetched. */
function local(folder: string): string {
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(folder)}/`;
  return basename(folder);
}

function optionsOf(precision: Precision, threads: number): object {
  return {
    device: 'cpu',
    dtype: precision === 'int8' ? 'q8' : 'fp32',
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 },
  };
}
