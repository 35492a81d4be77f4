import type { Node } from '../onnx/graph';
import type { StoredTensor } from '../onnx/readWeights';
import { type ModelGraph, sizeOf } from './modelGraph';

/** A multiplication by weights. */
export interface Projection {
  readonly kind: 'projection';
  readonly node: Node;
  /** What is multiplied. */
  readonly data: string;
  readonly weight: StoredTensor;
  readonly inSize: number;
  readonly outSize: number;
  readonly biases: readonly StoredTensor[];
}

/** Layer normalisation, in one operator or spelled out. */
export interface Norm {
  readonly kind: 'norm';
  readonly node: Node;
  readonly data: string;
  readonly form: 'LayerNorm' | 'RMSNorm';
  readonly weights: readonly StoredTensor[];
  /** Normalised tensors: the operator's output, or what scale and shift make of it. */
  readonly outputs: readonly string[];
  /** Whether the operator also adds the residual. */
  readonly addsResidual: boolean;
}

/** Rows looked up by number. */
export interface Table {
  readonly kind: 'table';
  readonly node: Node;
  /** The numbers of the rows. */
  readonly rows: string;
  readonly weight: StoredTensor;
}

export type WeightUse = Projection | Norm | Table;

/** Which input holds the matrix, and which a bias. */
const products: Readonly<Record<string, readonly [matrix: number, bias?: number]>> = {
  MatMul: [1],
  FusedMatMul: [1],
  Gemm: [1, 2],
  MatMulInteger: [1],
  MatMulNBits: [1, 5],
  MatMulBnb4: [1],
  DynamicQuantizeMatMul: [1, 4],
  QLinearMatMul: [3],
  Attention: [1, 2],
  Conv: [1, 2],
};

/** Which inputs are scale and shift; the first is the data. */
const norms: Readonly<Record<string, { weights: readonly number[]; form: Norm['form']; adds?: boolean }>> = {
  LayerNormalization: { weights: [1, 2], form: 'LayerNorm' },
  SimplifiedLayerNormalization: { weights: [1], form: 'RMSNorm' },
  RMSNormalization: { weights: [1], form: 'RMSNorm' },
  SkipLayerNormalization: { weights: [2, 3], form: 'LayerNorm', adds: true },
  SkipSimplifiedLayerNormalization: { weights: [2], form: 'RMSNorm', adds: true },
};

/** Operators into which the bias of the product before them was merged, and which input it is. */
const mergedBiases: Readonly<Record<string, number>> = {
  SkipLayerNormalization: 4,
  SkipSimplifiedLayerNormalization: 3,
  BiasGelu: 1,
  FastGelu: 1,
};

/** Operators between a product and the addition of its bias: views, and the rescaling of an integer product. */
const betweenProductAndBias = new Set(['Cast', 'Mul', 'Reshape', 'Squeeze', 'Identity', 'CastLike']);
/** What a normalisation consists of when it is spelled out. */
const insideNorm = new Set([
  'Div',
  'Mul',
  'Sub',
  'Add',
  'Sqrt',
  'Reciprocal',
  'Pow',
  'Cast',
  'CastLike',
  'Rsqrt',
]);

/** Every use of weights in file order. */
export function findWeightUses(model: ModelGraph): WeightUse[] {
  const byOutput = new Map<string, WeightUse>();
  const uses: WeightUse[] = [];
  const add = (use: WeightUse): void => {
    uses.push(use);
    use.node.outputs.forEach((output) => byOutput.set(output, use));
  };
  for (const node of model.graph.nodes) {
    const use = readTable(model, node) ?? readNorm(model, node) ?? readProduct(model, node);
    const merged = mergedBiases[node.opType];
    if (merged !== undefined) {
      addBias(model, node, merged, byOutput, uses);
    }
    if (use) {
      add(use);
    } else if (node.opType === 'Mul') {
      const norm = spelledNorm(model, node);
      if (norm) {
        add(norm);
      }
    } else if (node.opType === 'Add') {
      addShift(model, node, byOutput, uses);
    }
  }
  return uses;
}

function readProduct(model: ModelGraph, node: Node): Projection | undefined {
  const place = products[node.opType];
  const matrix = place && node.inputs[place[0]];
  // The standard operator of that name holds no weights.
  if (!matrix || (node.opType === 'Attention' && node.domain === '')) {
    return undefined;
  }
  const weight = model.storedBehind(matrix);
  const [data] = node.inputs;
  const isMatrix = node.opType === 'MatMulBnb4' || (weight?.dims.length ?? 0) > 1;
  if (!weight || !isMatrix || !data || model.index.isConstant(data)) {
    return undefined;
  }
  const bias = place[1] === undefined ? undefined : model.storedBehind(node.inputs[place[1]] ?? '');
  const [inSize, outSize] = sizesOf(model, node, matrix, weight);
  return { kind: 'projection', node, data, weight, inSize, outSize, biases: bias ? [bias] : [] };
}

/** Of a packed matrix the operator says them; else they are the matrix's, turned where the operator turns it. */
function sizesOf(model: ModelGraph, node: Node, matrix: string, weight: StoredTensor): [number, number] {
  const attribute = (name: string): number => Number(node.attributes?.get(name) ?? 0);
  if (node.opType === 'MatMulNBits' || node.opType === 'MatMulBnb4') {
    return [attribute('K'), attribute('N')];
  }
  const [first = 0, second = 0] = weight.dims.slice(-2);
  if (node.opType === 'Conv') {
    return [sizeOf(weight) / (weight.dims[0] ?? 1), weight.dims[0] ?? 0];
  }
  const turned = attribute('transB') === 1 || model.index.producers.get(matrix)?.opType === 'Transpose';
  return turned ? [second, first] : [first, second];
}

function readNorm(model: ModelGraph, node: Node): Norm | undefined {
  const form = norms[node.opType];
  const [data] = node.inputs;
  if (!form || !data) {
    return undefined;
  }
  const weights = form.weights
    .map((at) => model.storedBehind(node.inputs[at] ?? ''))
    .filter((each) => each !== undefined);
  return {
    kind: 'norm',
    node,
    data,
    form: form.form,
    weights,
    outputs: node.outputs.slice(0, 1),
    addsResidual: form.adds === true,
  };
}

/** `x / √(mean of squares) · scale`; the mean is taken off first in a LayerNorm. */
function spelledNorm(model: ModelGraph, node: Node): Norm | undefined {
  const scale = node.inputs.map((input) => model.storedBehind(input)).find((each) => each !== undefined);
  const [scaled] = model.computed(node);
  if (!scale || scale.dims.length !== 1 || sizeOf(scale) < 2 || !scaled) {
    return undefined;
  }
  let centred = false;
  const means: string[] = [];
  model.index.walkBack(scaled, (_, producer) => {
    if (producer?.opType === 'ReduceMean') {
      means.push(producer.inputs[0] ?? '');
      return [];
    }
    if (!producer || !insideNorm.has(producer.opType) || means.length > 1) {
      return [];
    }
    centred ||= producer.opType === 'Sub';
    return producer.inputs;
  });
  const data = means.length > 0 ? normalised(model, scaled) : undefined;
  if (data === undefined) {
    return undefined;
  }
  return {
    kind: 'norm',
    node,
    data,
    form: centred ? 'LayerNorm' : 'RMSNorm',
    weights: [scale],
    outputs: [...node.outputs],
    addsResidual: false,
  };
}

/** Back from the normalised tensor to what was normalised: the first tensor of which a mean is taken, itself or squared. */
function normalised(model: ModelGraph, scaled: string): string | undefined {
  let found: string | undefined;
  model.index.walkBack(scaled, (_, producer) => {
    if (!producer || found !== undefined) {
      return [];
    }
    const [first, second] = producer.inputs;
    if (producer.opType === 'Sub') {
      found = first;
      return [];
    }
    if (producer.opType === 'ReduceMean' && first) {
      // Without a subtraction the mean is of squares: of x · x or x².
      const square = model.index.producers.get(first);
      found = square && ['Pow', 'Mul'].includes(square.opType) ? square.inputs[0] : first;
      return [];
    }
    return insideNorm.has(producer.opType)
      ? [...(first ? [first] : []), ...(second ? [second] : [])].reverse()
      : [];
  });
  return found;
}

/** Adds a constant of one dimension to the product or the spelled norm that it shifts. */
function addShift(model: ModelGraph, node: Node, byOutput: Map<string, WeightUse>, uses: WeightUse[]): void {
  const shift = node.inputs.map((input) => model.storedBehind(input)).find((each) => each !== undefined);
  let [tensor] = model.computed(node);
  if (shift?.dims.length !== 1 || !tensor) {
    return;
  }
  for (let step = 0; step < 5 && tensor !== undefined; step++) {
    const use = byOutput.get(tensor);
    if (use) {
      const shifted = withShift(use, shift, node);
      if (shifted) {
        uses[uses.indexOf(use)] = shifted;
        use.node.outputs.forEach((output) => byOutput.set(output, shifted));
        byOutput.set(node.outputs[0] ?? '', shifted);
      }
      return;
    }
    const producer = model.index.producers.get(tensor);
    tensor = producer && betweenProductAndBias.has(producer.opType) ? dataOf(model, producer) : undefined;
  }
}

/** A bias that was merged into what follows the product: into its activation, or the addition behind it. */
function addBias(
  model: ModelGraph,
  node: Node,
  at: number,
  byOutput: ReadonlyMap<string, WeightUse>,
  uses: WeightUse[],
): void {
  const bias = model.storedBehind(node.inputs[at] ?? '');
  for (const input of bias ? model.computed(node) : []) {
    const use = byOutput.get(throughViews(model, input));
    const place = use ? uses.indexOf(use) : -1;
    const shifted = use?.kind === 'projection' && bias ? withShift(use, bias, node) : undefined;
    if (shifted && place >= 0) {
      uses[place] = shifted;
      return;
    }
  }
}

function throughViews(model: ModelGraph, tensor: string): string {
  let current = tensor;
  for (let step = 0; step < 5; step++) {
    const producer = model.index.producers.get(current);
    if (!producer || !betweenProductAndBias.has(producer.opType)) {
      break;
    }
    current = dataOf(model, producer) ?? current;
  }
  return current;
}

/** Of a rescaled integer product the product, not the scale that the run computed beside it. */
function dataOf(model: ModelGraph, node: Node): string | undefined {
  const inputs = model.computed(node);
  return inputs.find((input) => model.index.producers.get(input)?.opType !== 'Mul') ?? inputs[0];
}

function withShift(use: WeightUse, shift: StoredTensor, node: Node): WeightUse | undefined {
  const size = sizeOf(shift);
  if (use.kind === 'projection' && use.biases.length === 0 && size === use.outSize) {
    return { ...use, biases: [shift] };
  }
  if (use.kind === 'norm' && use.weights.length === 1 && size === sizeOf(use.weights[0]!)) {
    return { ...use, weights: [...use.weights, shift], outputs: [...use.outputs, ...node.outputs] };
  }
  return undefined;
}

function readTable(model: ModelGraph, node: Node): Table | undefined {
  const [data, rows] = node.inputs;
  if ((node.opType !== 'Gather' && node.opType !== 'GatherBlockQuantized') || !data || rows === undefined) {
    return undefined;
  }
  const weight = model.storedBehind(data);
  return weight?.dims.length === 2 && model.index.isConstant(data) && isWeightType(weight.elementType)
    ? { kind: 'table', node, rows, weight }
    : undefined;
}

/** Floats, and the integers that weights are quantised to; not indices. */
function isWeightType(elementType: number): boolean {
  return [1, 2, 3, 10, 16, 21, 22].includes(elementType);
}
