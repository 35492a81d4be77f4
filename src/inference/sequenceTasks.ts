import { ScopeError } from '../protocol/errors';
import type { LabelProbability } from '../protocol/language';
import { meanRow } from './hiddenModel';
import type { LanguageModel } from './languageModel';
import { logSoftmax } from './sampling';

/** Classes of a text. `problem_type: multi_label_classification` gives each label its own sigmoid. */
export async function classify(model: LanguageModel, text: string): Promise<LabelProbability[]> {
  const ids = idsOf(model, text);
  const { data, dims } = await model.output('logits', ids);
  if (dims.length !== 2) {
    throw new ScopeError('modelUnsupported', `“logits” has the shape [${dims.join(', ')}]`);
  }
  const independent = model.config['problem_type'] === 'multi_label_classification' || data.length === 1;
  const probabilities = independent
    ? Float64Array.from(data, (logit) => 1 / (1 + Math.exp(-logit)))
    : logSoftmax(data).map(Math.exp);
  return Array.from(probabilities, (probability, index) => ({
    label: labelOf(model, index),
    probability,
  })).sort((a, b) => b.probability - a.probability);
}

function labelOf(model: LanguageModel, index: number): string {
  const labels = model.config['id2label'];
  const label =
    typeof labels === 'object' && labels !== null ? (labels as Record<string, unknown>)[index] : undefined;
  return typeof label === 'string' ? label : `LABEL_${index}`;
}

/**
 * One vector for a text, `[width]`: the mean of the last hidden state over all tokens, special ones
 * included, as in Sentence-BERT (Reimers & Gurevych 2019). Not normalised. A graph that does not give its
 * last hidden state is embedded by `HiddenModel`.
 */
export async function embed(model: LanguageModel, text: string): Promise<Float32Array> {
  const { data, dims } = await model.output('last_hidden_state', idsOf(model, text));
  const [numRows = 0, width = 0] = dims.slice(-2);
  return meanRow({ numRows, width, data });
}

/**
 * The probability that `second` follows `first` in their source (BERT's second training task, Devlin
 * et al. 2019). Reads `seq_relationship_logits`, or `logits` of a graph exported for this alone.
 */
export async function nextSentence(model: LanguageModel, first: string, second: string): Promise<number> {
  const { ids, typeIds } = model.tokenizer.encodePair(first, second);
  if (ids.length > model.maxTokens) {
    throw new ScopeError('badRequest', `${ids.length} tokens; the model reads ${model.maxTokens}`);
  }
  const name =
    ['seq_relationship_logits', 'seq_relationship'].find((each) => model.outputNames.has(each)) ?? 'logits';
  // A classifier of two classes has two logits as well.
  const classes = [model.config['architectures']].flat().join(' ');
  if (name === 'logits' && classes !== '' && !classes.includes('NextSentence')) {
    throw new ScopeError('modelUnsupported', `${classes} does not tell whether sentences follow each other`);
  }
  const { data } = await model.output(name, ids, typeIds);
  if (data.length !== 2) {
    throw new ScopeError('modelUnsupported', `“${name}” has ${data.length} values, not 2`);
  }
  return Math.exp(logSoftmax(data)[0]!);
}

function idsOf(model: LanguageModel, text: string): number[] {
  return model.tokenizer.tokenize(text, model.maxTokens).tokens.map((token) => token.id);
}
