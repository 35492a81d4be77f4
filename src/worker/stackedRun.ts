import { type RunWeights } from '../attention/runViews';
import { type SelfCheck, selfCheck } from '../attention/selfCheck';
import { makeThumbnails } from '../attention/thumbnails';
import type { LayerWeights } from '../attention/weights';
import type { StackLayer } from '../inference/seq2seqGraphs';
import type { Seq2SeqAttention } from '../inference/seq2seqModel';
import type { AttentionStack } from '../protocol/attention';
import { type StackName, stackNames } from '../protocol/seq2seq';
import type { AttentionRuns } from './attentionRuns';

/** The stacks of an encoder-decoder, kept as runs of their own. */
export function keepStacks(
  runs: AttentionRuns,
  owner: string,
  attention: Seq2SeqAttention,
): { readonly stacks: readonly AttentionStack[]; readonly checks: readonly SelfCheck[] } {
  const { source, target } = attention;
  const tokens: Readonly<Record<StackName, Pick<RunWeights, 'tokens' | 'keyTokens'>>> = {
    encoder: { tokens: source },
    decoder: { tokens: target },
    cross: { tokens: target, keyTokens: source },
  };
  const layers = stackNames.map((name) => attention[name].map(toLayer));
  const checks = layers.map(selfCheck);
  const stored = runs.keepAll(
    owner,
    stackNames.map((name, index) => ({
      ...tokens[name],
      layers: layers[index] ?? [],
      causal: checks[index]?.causal ?? false,
      stack: { name, source },
    })),
  );
  const stacks = stackNames.map((name, index) => {
    const run = stored[index] as (typeof stored)[number];
    const { size, data } = makeThumbnails(run.layers);
    return {
      name,
      runId: run.runId,
      numLayers: run.layers.length,
      numHeads: run.layers[0]?.numHeads ?? 0,
      causal: run.causal,
      thumbnails: { size, data: data.buffer },
    };
  });
  return { stacks, checks };
}

function toLayer({ numHeads, numQueries, numKeys, data }: StackLayer): LayerWeights {
  return { numHeads, numTokens: numQueries, numKeys, data };
}
