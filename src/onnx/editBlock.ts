import { type BlockInput, blockInput, editPrefix } from './editNames';
import { ElementType } from './graph';
import type { NewNode, NewTensor } from './writeGraph';

/** Sums and means took their axes as a setting before these operator sets, and as an input since. */
const axesAsInput = { ReduceSum: 13, ReduceMean: 18 } as const;
/** What a row of probabilities is divided by at least: in float16 a smaller number would overflow. */
const leastSum = { half: 1e-4, full: 1e-30 };

/** The nodes that stand between a block's tensors and what reads them. */
export class BlockEdit {
  readonly nodes: NewNode[] = [];
  readonly constants: NewTensor[] = [];
  readonly inputs: string[] = [];
  private readonly prefix: string;

  constructor(
    private readonly block: number,
    private readonly elementType: number,
    private readonly opset: number,
  ) {
    this.prefix = `${editPrefix}${block}/`;
  }

  /**
   * Keys are taken away and the rest of each row brought back to its sum, exactly as if the scores had been masked.
   * A row that has no key left attends to nothing.
   */
  ofProbabilities(probabilities: string): string {
    const seen = this.add('Mul', [probabilities, this.input('keys')], 'seen');
    const before = this.reduce('ReduceSum', probabilities, -1, 'sum_before');
    const after = this.add('Max', [this.reduce('ReduceSum', seen, -1, 'sum_after'), this.least()], 'sum');
    // The quotient is exactly 1 where no key was taken away, so that an idle edit changes no digit.
    const scaled = this.add('Mul', [seen, this.add('Div', [before, after], 'quotient')], 'renormalised');
    const kept = this.add('Mul', [scaled, this.input('rows')], 'kept');
    return this.add('Add', [kept, this.input('replacement')], 'probabilities');
  }

  ofOutputs(mixed: string): string {
    const kept = this.add('Mul', [mixed, this.input('gate')], 'gated');
    const average = this.reduce('ReduceMean', mixed, -2, 'average');
    const averaged = this.add('Mul', [average, this.input('mean')], 'averaged');
    return this.add(
      'Add',
      [this.add('Add', [kept, averaged], 'with_average'), this.input('added')],
      'outputs',
    );
  }

  private input(input: BlockInput): string {
    const name = blockInput(this.block, input);
    this.inputs.push(name);
    return this.typed(name, `${input}_typed`);
  }

  private least(): string {
    const name = `${this.prefix}least`;
    const value = this.elementType === ElementType.float32 ? leastSum.full : leastSum.half;
    this.constants.push({ name, dims: [], elementType: ElementType.float32, data: [value] });
    return this.typed(name, 'least_typed');
  }

  private typed(name: string, as: string): string {
    return this.elementType === ElementType.float32
      ? name
      : this.add('Cast', [name], as, { to: this.elementType });
  }

  private reduce(opType: keyof typeof axesAsInput, tensor: string, axis: number, name: string): string {
    if (this.opset < axesAsInput[opType]) {
      return this.add(opType, [tensor], name, { axes: [axis], keepdims: 1 });
    }
    const axes = `${this.prefix}${name}_axes`;
    this.constants.push({ name: axes, dims: [1], elementType: ElementType.int64, data: [axis] });
    return this.add(opType, [tensor, axes], name, { keepdims: 1 });
  }

  private add(
    opType: string,
    inputs: readonly string[],
    name: string,
    attributes?: NewNode['attributes'],
  ): string {
    const output = this.prefix + name;
    this.nodes.push({ opType, inputs, outputs: [output], ...(attributes && { attributes }) });
    return output;
  }
}
