import { copyFileSync, mkdirSync, openSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { type Attribute, model, node, tensor, valueInfo } from './onnxWriter';

/** A transformer of a known size with random weights: what is timed does not depend on what it learned. */
export interface Shape {
  readonly name: string;
  readonly modelType: string;
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly positions: number;
  readonly causal: boolean;
}

export const bertBase: Shape = {
  ...{ name: 'BERT-base size', modelType: 'bert', layers: 12, heads: 12, hidden: 768 },
  ...{ vocabulary: 30522, positions: 512, causal: false },
};
export const gpt2Small: Shape = {
  ...{ name: 'GPT-2-small size', modelType: 'gpt2', layers: 12, heads: 12, hidden: 768 },
  ...{ vocabulary: 50257, positions: 1024, causal: true },
};

/** Writes a folder in Hugging Face layout, with the bundled model's tokenizer. */
export function makeModel(shape: Shape, folder: string, tokenizerFolder: string): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  for (const name of ['tokenizer.json', 'special_tokens_map.json']) {
    copyFileSync(join(tokenizerFolder, name), join(folder, name));
  }
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ tokenizer_class: 'BertTokenizer' }));
  writeFileSync(
    join(folder, 'config.json'),
    JSON.stringify({
      model_type: shape.modelType,
      num_attention_heads: shape.heads,
      max_position_embeddings: shape.positions,
    }),
  );
  const file = openSync(join(folder, 'onnx', 'model.onnx'), 'w');
  for (const part of new GraphWriter(shape).write()) {
    writeSync(file, part);
  }
  closeSync(file);
}

/** Post-LN encoder as in BERT; with a causal mask it stands for a decoder of the same size. */
class GraphWriter {
  private readonly parts: [number, Uint8Array][] = [];
  private seed = 1;
  private count = 0;

  constructor(private readonly shape: Shape) {}

  write(): Uint8Array[] {
    const { hidden, heads, layers, vocabulary, positions } = this.shape;
    this.parts.push([11, valueInfo('input_ids', 7, ['batch_size', 'sequence_length'])]);
    this.parts.push([11, valueInfo('attention_mask', 7, ['batch_size', 'sequence_length'])]);
    this.ints('axis1', [1]);
    this.ints('zero', [0]);
    this.ints('split', [0, 0, heads, hidden / heads]);
    this.ints('join', [0, 0, hidden]);
    this.floats('scale', [], [1 / Math.sqrt(hidden / heads)]);
    this.floats('half', [], [0.5]);
    this.floats('one', [], [1]);
    this.floats('root2', [], [Math.SQRT2]);
    this.floats('lowest', [], [-1e4]);
    const words = this.op('Gather', [this.random('words', [vocabulary, hidden]), 'input_ids']);
    const length = this.op('Slice', [
      this.op('Shape', ['input_ids']),
      'axis1',
      this.ints('two', [2]),
      'zero',
    ]);
    const places = this.op('Slice', [this.random('places', [positions, hidden]), 'zero', length, 'zero']);
    let state = this.norm(this.op('Add', [words, places]));
    const mask = this.mask(length);
    for (let layer = 0; layer < layers; layer++) {
      state = this.norm(this.op('Add', [state, this.attention(state, mask)]));
      const inner = this.linear(state, hidden, 4 * hidden);
      const erf = this.op('Add', [this.op('Erf', [this.op('Div', [inner, 'root2'])]), 'one']);
      const gelu = this.op('Mul', [this.op('Mul', [inner, erf]), 'half']);
      state = this.norm(this.op('Add', [state, this.linear(gelu, 4 * hidden, hidden)]));
    }
    this.parts.push([1, node('Identity', [state], ['last_hidden_state'])]);
    this.parts.push([12, valueInfo('last_hidden_state', 1, ['batch_size', 'sequence_length', 'hidden'])]);
    return model(17, this.parts);
  }

  private attention(state: string, mask: string): string {
    const { hidden } = this.shape;
    const part = (perm: readonly number[]): string =>
      this.op('Transpose', [this.op('Reshape', [this.linear(state, hidden, hidden), 'split'])], { perm });
    const scores = this.op('MatMul', [part([0, 2, 1, 3]), part([0, 2, 3, 1])]);
    const masked = this.op('Add', [this.op('Mul', [scores, 'scale']), mask]);
    const values = this.op('MatMul', [this.op('Softmax', [masked], { axis: -1 }), part([0, 2, 1, 3])]);
    const joined = this.op('Reshape', [this.op('Transpose', [values], { perm: [0, 2, 1, 3] }), 'join']);
    return this.linear(joined, hidden, hidden);
  }

  /** 0 where a key may be seen, −10⁴ elsewhere. */
  private mask(length: string): string {
    const seen = this.op('Cast', [this.op('Unsqueeze', ['attention_mask', this.ints('axes', [1, 2])])], {
      to: 1,
    });
    const padding = this.op('Mul', [this.op('Sub', ['one', seen]), 'lowest']);
    if (!this.shape.causal) {
      return padding;
    }
    const square = this.op('Expand', ['one', this.op('Concat', [length, length], { axis: 0 })]);
    const future = this.op('Trilu', [square, this.int('diagonal', 1)], { upper: 1 });
    return this.op('Add', [padding, this.op('Mul', [future, 'lowest'])]);
  }

  private norm(input: string): string {
    const { hidden } = this.shape;
    const scale = this.floats(this.name('gamma'), [hidden], new Array<number>(hidden).fill(1));
    const bias = this.floats(this.name('beta'), [hidden], new Array<number>(hidden).fill(0));
    return this.op('LayerNormalization', [input, scale, bias], { axis: -1, epsilon: { float: 1e-12 } });
  }

  private linear(input: string, from: number, to: number): string {
    const product = this.op('MatMul', [input, this.random(this.name('weight'), [from, to])]);
    return this.op('Add', [product, this.random(this.name('bias'), [to])]);
  }

  private op(type: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const output = this.name(type);
    this.parts.push([1, node(type, inputs, [output], attributes)]);
    return output;
  }

  private random(name: string, dims: readonly number[]): string {
    const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
    for (let index = 0; index < data.length; index++) {
      this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
      data[index] = (this.seed / 2 ** 32 - 0.5) * 0.1;
    }
    return this.add(name, dims, data);
  }

  private floats(name: string, dims: readonly number[], values: readonly number[]): string {
    return this.add(name, dims, Float32Array.from(values));
  }

  private ints(name: string, values: readonly number[]): string {
    return this.add(name, [values.length], BigInt64Array.from(values, BigInt));
  }

  private int(name: string, value: number): string {
    return this.add(name, [], BigInt64Array.of(BigInt(value)));
  }

  private add(name: string, dims: readonly number[], data: Float32Array | BigInt64Array): string {
    this.parts.push([5, tensor(name, dims, data)]);
    return name;
  }

  private name(stem: string): string {
    return `${stem}_${this.count++}`;
  }
}
