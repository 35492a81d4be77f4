import { type Attribute, type TensorData, model, node, tensor, valueInfo } from './onnxWriter';

export type Precision = 'fp32' | 'int8';

/** Values of random weights lie within ± this. */
const reach = 0.05;

/** Collects the nodes, weights, inputs and outputs of a graph, with random numbers for its weights. */
export class GraphWriter {
  private readonly parts: [number, Uint8Array][] = [];
  private readonly quantised = new Map<string, readonly [string, string, string]>();
  private seed = 1;
  private count = 0;

  constructor(private readonly precision: Precision) {}

  finish(): Uint8Array[] {
    return model(17, this.parts);
  }

  input(name: string, elementType: number, dims: readonly (string | number)[]): void {
    this.parts.push([11, valueInfo(name, elementType, dims)]);
  }

  /** Makes a tensor an output under another name. */
  output(name: string, from: string, dims: readonly (string | number)[]): void {
    this.parts.push([1, node('Identity', [from], [name])]);
    this.parts.push([12, valueInfo(name, 1, dims)]);
  }

  op(type: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.ops(type, inputs, 1, attributes)[0] as string;
  }

  /** Rows of a table. In int8 the table is dequantised behind the look-up, as `quantize_dynamic` has it. */
  embedding(rows: number, width: number, ids: string): string {
    if (this.precision === 'fp32') {
      return this.op('Gather', [this.random([rows, width]), ids]);
    }
    const [weights, scale, zero] = this.randomInt8([rows, width]);
    return this.op('DequantizeLinear', [this.op('Gather', [weights, ids]), scale, zero]);
  }

  /**
   * `input · weight`. In int8 in the form that ORT's `quantize_dynamic` writes: the activations are
   * quantised on the spot, one range per tensor, once for all products that read them.
   */
  product(input: string, from: number, to: number): string {
    if (this.precision === 'fp32') {
      return this.op('MatMul', [input, this.random([from, to])]);
    }
    let activation = this.quantised.get(input);
    if (!activation) {
      activation = this.ops('DynamicQuantizeLinear', [input], 3) as [string, string, string];
      this.quantised.set(input, activation);
    }
    const [values, scale, zero] = activation;
    const [weights, weightScale, weightZero] = this.randomInt8([from, to]);
    const whole = this.op('MatMulInteger', [values, weights, zero, weightZero]);
    const factor = this.op('Mul', [scale, weightScale]);
    return this.op('Mul', [this.op('Cast', [whole], { to: 1 }), factor]);
  }

  /** `input · weight + bias` */
  linear(input: string, from: number, to: number): string {
    return this.op('Add', [this.product(input, from, to), this.random([to])]);
  }

  /** LayerNormalization over the last axis. */
  norm(input: string, width: number): string {
    const scale = this.floats([width], new Array<number>(width).fill(1));
    const bias = this.floats([width], new Array<number>(width).fill(0));
    return this.op('LayerNormalization', [input, scale, bias], { axis: -1, epsilon: { float: 1e-12 } });
  }

  /** Small random float32 weights that are never quantised. */
  random(dims: readonly number[]): string {
    return this.add(
      dims,
      Float32Array.from({ length: sizeOf(dims) }, () => 2 * reach * (this.next() - 0.5)),
    );
  }

  floats(dims: readonly number[], values: readonly number[]): string {
    return this.add(dims, Float32Array.from(values));
  }

  float(value: number): string {
    return this.floats([], [value]);
  }

  ints(values: readonly number[]): string {
    return this.add([values.length], BigInt64Array.from(values, BigInt));
  }

  int(value: number): string {
    return this.add([], BigInt64Array.of(BigInt(value)));
  }

  private randomInt8(dims: readonly number[]): [string, string, string] {
    const data = new Int8Array(sizeOf(dims));
    for (let index = 0; index < data.length; index++) {
      data[index] = Math.floor(255 * this.next()) - 127;
    }
    return [this.add(dims, data), this.float(reach / 127), this.add([], Int8Array.of(0))];
  }

  private ops(
    type: string,
    inputs: readonly string[],
    numOutputs: number,
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const outputs = Array.from({ length: numOutputs }, () => this.name(type));
    this.parts.push([1, node(type, inputs, outputs, attributes)]);
    return outputs;
  }

  private add(dims: readonly number[], data: TensorData): string {
    const name = this.name('constant');
    this.parts.push([5, tensor(name, dims, data)]);
    return name;
  }

  private name(stem: string): string {
    return `${stem}_${this.count++}`;
  }

  /** Uniform in [0, 1): a linear congruential generator, the same numbers every time. */
  private next(): number {
    this.seed = (Math.imul(this.seed, 1664525) + 1013904223) >>> 0;
    return this.seed / 2 ** 32;
  }
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
