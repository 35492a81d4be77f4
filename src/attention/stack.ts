import type { Thumbnails } from '../protocol/attention';
import type { AttentionView } from '../protocol/attentionPage';
import type { StackName } from '../protocol/seq2seq';

/** One kind of attention of a run: an encoder or a decoder has one, an encoder-decoder three. */
export interface Stack {
  readonly name: StackName | 'only';
  /** What its weights are asked for by. */
  readonly runId: number;
  readonly numLayers: number;
  readonly numHeads: number;
  readonly causal: boolean;
  readonly thumbnails: Thumbnails;
  /** The tokens of the run that query and that are attended to: `[start, end)`. */
  readonly queries: TokenSpan;
  readonly keys: TokenSpan;
}

export interface TokenSpan {
  readonly start: number;
  readonly end: number;
}

export function stacksOf(view: AttentionView): Stack[] {
  const whole = { start: 0, end: view.tokens.length };
  if (!view.stacks) {
    const { runId, causal, thumbnails, model } = view;
    const { numLayers, numHeads } = model;
    return [{ name: 'only', runId, causal, thumbnails, numLayers, numHeads, queries: whole, keys: whole }];
  }
  const border = view.secondFrom ?? whole.end;
  const [source, target] = [
    { start: 0, end: border },
    { start: border, end: whole.end },
  ];
  return view.stacks.map((stack) => ({
    ...stack,
    queries: stack.name === 'encoder' ? source : target,
    keys: stack.name === 'decoder' ? target : source,
  }));
}

export function contains(span: TokenSpan, index: number): boolean {
  return index >= span.start && index < span.end;
}
