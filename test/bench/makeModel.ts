import { closeSync, copyFileSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { GraphWriter, type Precision } from './graphWriter';

/** A transformer of a known size with random weights: what is timed does not depend on what it learned. */
export interface Shape {
  readonly name: string;
  readonly modelType: 'bert' | 'gpt2';
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly positions: number;
  /** With logits and a key-value cache: what text is generated with. */
  readonly generates: boolean;
}

export const bertBase: Shape = {
  ...{ name: 'BERT-base size', modelType: 'bert', layers: 12, heads: 12, hidden: 768 },
  ...{ vocabulary: 30522, positions: 512, generates: false },
};
export const gpt2Small: Shape = {
  ...{ name: 'GPT-2-small size', modelType: 'gpt2', layers: 12, heads: 12, hidden: 768 },
  ...{ vocabulary: 50257, positions: 1024, generates: false },
};

/** Where the graph lies in a folder, by the names that Hugging Face's exports have. */
export function graphName(precision: Precision): string {
  return precision === 'int8' ? 'onnx/model_quantized.onnx' : 'onnx/model.onnx';
}

/** Writes a folder in Hugging Face layout, with the bundled model's tokenizer. */
export function makeModel(
  shape: Shape,
  folder: string,
  tokenizerFolder: string,
  precision: Precision = 'fp32',
): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  for (const name of ['tokenizer.json', 'special_tokens_map.json']) {
    copyFileSync(join(tokenizerFolder, name), join(folder, name));
  }
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ tokenizer_class: 'BertTokenizer' }));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(shape)));
  const file = openSync(join(folder, graphName(precision)), 'w');
  for (const part of writeGraph(shape, precision)) {
    writeSync(file, part);
  }
  closeSync(file);
}

function configOf(shape: Shape): object {
  const { modelType, layers, heads, hidden, positions, vocabulary } = shape;
  const common = { model_type: modelType, vocab_size: vocabulary };
  return modelType === 'bert'
    ? {
        ...common,
        ...{ architectures: ['BertModel'], num_attention_heads: heads, num_hidden_layers: layers },
        ...{ hidden_size: hidden, max_position_embeddings: positions },
      }
    : {
        ...common,
        architectures: [shape.generates ? 'GPT2LMHeadModel' : 'GPT2Model'],
        ...{ n_head: heads, n_layer: layers, n_embd: hidden, n_positions: positions },
      };
}

/** Post-LN layers as in BERT; with a causal mask they stand for a decoder of the same size. */
function writeGraph(shape: Shape, precision: Precision): Uint8Array[] {
  const { hidden, heads, layers, vocabulary, positions } = shape;
  const graph = new GraphWriter(precision);
  graph.input('input_ids', 7, ['batch_size', 'sequence_length']);
  graph.input('attention_mask', 7, ['batch_size', 'total_sequence_length']);
  const cacheDims = ['batch_size', heads, 'past_sequence_length', hidden / heads];
  const lengthOf = (name: string): string =>
    graph.op('Slice', [graph.op('Shape', [name]), graph.ints([1]), graph.ints([2]), graph.ints([0])]);
  const [length, total] = [lengthOf('input_ids'), lengthOf('attention_mask')];
  const past = graph.op('Sub', [total, length]);
  const words = graph.embedding(vocabulary, hidden, 'input_ids');
  const places = graph.op('Slice', [graph.random([positions, hidden]), past, total, graph.ints([0])]);
  let state = graph.norm(graph.op('Add', [words, places]), hidden);
  const mask = makeMask(graph, shape.modelType === 'gpt2', length, total, past);
  for (let layer = 0; layer < layers; layer++) {
    const cached = (part: string, fresh: string): string => {
      if (!shape.generates) {
        return fresh;
      }
      graph.input(`past_key_values.${layer}.${part}`, 1, cacheDims);
      const whole = graph.op('Concat', [`past_key_values.${layer}.${part}`, fresh], { axis: 2 });
      graph.output(`present.${layer}.${part}`, whole, ['batch_size', heads, 'total', hidden / heads]);
      return whole;
    };
    state = graph.norm(graph.op('Add', [state, attention(graph, shape, state, mask, cached)]), hidden);
    const inner = graph.linear(state, hidden, 4 * hidden);
    const root2 = graph.float(Math.SQRT2);
    const erf = graph.op('Add', [graph.op('Erf', [graph.op('Div', [inner, root2])]), graph.float(1)]);
    const gelu = graph.op('Mul', [graph.op('Mul', [inner, erf]), graph.float(0.5)]);
    state = graph.norm(graph.op('Add', [state, graph.linear(gelu, 4 * hidden, hidden)]), hidden);
  }
  if (shape.generates) {
    graph.output('logits', graph.product(state, hidden, vocabulary), ['batch_size', 'length', vocabulary]);
  } else {
    graph.output('last_hidden_state', state, ['batch_size', 'sequence_length', hidden]);
  }
  return graph.finish();
}

function attention(
  graph: GraphWriter,
  { hidden, heads }: Shape,
  state: string,
  mask: string,
  cached: (part: string, fresh: string) => string,
): string {
  const split = graph.ints([0, 0, heads, hidden / heads]);
  const part = (): string =>
    graph.op('Transpose', [graph.op('Reshape', [graph.linear(state, hidden, hidden), split])], {
      perm: [0, 2, 1, 3],
    });
  const queries = part();
  const keys = graph.op('Transpose', [cached('key', part())], { perm: [0, 1, 3, 2] });
  const scores = graph.op('MatMul', [queries, keys]);
  const scaled = graph.op('Mul', [scores, graph.float(1 / Math.sqrt(hidden / heads))]);
  const weights = graph.op('Softmax', [graph.op('Add', [scaled, mask])], { axis: -1 });
  const values = graph.op('MatMul', [weights, cached('value', part())]);
  const joined = graph.op('Reshape', [
    graph.op('Transpose', [values], { perm: [0, 2, 1, 3] }),
    graph.ints([0, 0, hidden]),
  ]);
  return graph.linear(joined, hidden, hidden);
}

/** 0 where a key may be seen, −10⁴ elsewhere. */
function makeMask(graph: GraphWriter, causal: boolean, length: string, total: string, past: string): string {
  const one = graph.float(1);
  const lowest = graph.float(-1e4);
  const seen = graph.op('Cast', [graph.op('Unsqueeze', ['attention_mask', graph.ints([1, 2])])], { to: 1 });
  const padding = graph.op('Mul', [graph.op('Sub', [one, seen]), lowest]);
  if (!causal) {
    return padding;
  }
  const square = graph.op('Expand', [one, graph.op('Concat', [length, total], { axis: 0 })]);
  const diagonal = graph.op('Squeeze', [graph.op('Add', [past, graph.ints([1])])]);
  const future = graph.op('Trilu', [square, diagonal], { upper: 1 });
  return graph.op('Add', [padding, graph.op('Mul', [future, lowest])]);
}
