import type { StoredTensor } from '../onnx/readWeights';
import type { ParameterPart, PartCount, StackName, WeightFormat } from '../protocol/architecture';
import { parameterParts } from '../protocol/architecture';
import type { PlacedUse } from './assignParts';
import { sizeOf } from './modelGraph';
import type { StoredMatrix } from './sameWeights';
import { sameWeights } from './sameWeights';
import type { Projection, Table } from './weightUses';

/** A graph's uses of weights, with its bytes. */
export interface PlacedGraph {
  readonly file: Uint8Array;
  readonly placed: readonly PlacedUse[];
}

export interface Counted {
  readonly parts: readonly PartCount[];
  readonly formats: readonly { readonly format: WeightFormat; readonly parameters: number }[];
  readonly total: number;
  /** The output layer is the token embedding turned round; null where there is no such layer. */
  readonly tied: boolean | null;
  /** Whether the weights themselves said so, and not the configuration. */
  readonly tiedSeen: boolean;
  /** One set of weights in all layers. */
  readonly sharedLayers: boolean;
}

/**
 * Counts each weight once, however often it is used: layers may share, the output layer may be the embedding, two
 * files may hold the same embedding. Of quantised weights it counts the elements, not scales and zero points.
 * @param tiedByConfig what to believe where the numbers cannot be compared
 */
export function countParameters(graphs: readonly PlacedGraph[], tiedByConfig: boolean): Counted {
  const sharedLayers = graphs.some(({ placed }) => sharesLayers(placed));
  const tally = new Tally();
  const embeddings: StoredMatrix[] = [];
  let tied: boolean | null = null;
  let tiedSeen = false;
  graphs.forEach(({ file, placed }, at) => {
    for (const { use, part, stack } of placed) {
      if (use.kind === 'norm') {
        const place = sharedLayers ? part : use.node.outputs[0];
        use.weights.forEach((weight) =>
          tally.add(`${at} ${weight.name} ${place}`, weight, sizeOf(weight), part, stack),
        );
        continue;
      }
      const matrix = use.kind === 'table' ? tableMatrix(file, use) : projectionMatrix(file, use);
      const isEmbedding = part === 'tokenEmbedding';
      const isOutput =
        part === 'outputHead' && use.kind === 'projection' && embeddings.some((each) => fits(each, matrix));
      const twin = isEmbedding || isOutput ? embeddings.map((each) => compared(each, matrix)) : [];
      const seen = twin.some((each) => each === true);
      const isTwin = seen || (twin.includes(undefined) && tiedByConfig);
      if (isOutput) {
        tied = isTwin;
        tiedSeen = twin.every((each) => each !== undefined);
      }
      if (isEmbedding && use.kind === 'table' && !isTwin) {
        embeddings.push(matrix);
      }
      if (!isTwin) {
        tally.add(
          `${at} ${matrix.tensor.name}`,
          matrix.tensor,
          matrix.rows * matrix.width,
          part,
          stack,
          bitsOf(use),
        );
      }
      if (use.kind === 'projection') {
        // Exporters may store equal biases once; they are as many as the matrices they belong to.
        use.biases.forEach((bias) =>
          tally.add(
            `${at} ${bias.name} ${use.weight.name} ${sharedLayers ? part : ''}`,
            bias,
            sizeOf(bias),
            part,
            stack,
          ),
        );
      }
    }
  });
  return { ...tally.finish(), tied, tiedSeen, sharedLayers };
}

class Tally {
  private readonly seen = new Set<string>();
  private readonly counts = new Map<string, PartCount>();
  private readonly formats = new Map<WeightFormat, number>();

  add(
    key: string,
    tensor: StoredTensor,
    size: number,
    part: ParameterPart,
    stack: StackName,
    bits?: number,
  ): void {
    if (this.seen.has(key)) {
      return;
    }
    this.seen.add(key);
    const place = `${stack} ${part}`;
    this.counts.set(place, { part, stack, count: (this.counts.get(place)?.count ?? 0) + size });
    const format = formatOf(tensor.elementType, bits);
    this.formats.set(format, (this.formats.get(format) ?? 0) + size);
  }

  finish(): Pick<Counted, 'parts' | 'formats' | 'total'> {
    const order = (each: PartCount): number =>
      parameterParts.indexOf(each.part) + (each.stack === 'decoder' ? parameterParts.length : 0);
    const parts = [...this.counts.values()].sort((a, b) => order(a) - order(b));
    const formats = [...this.formats]
      .map(([format, parameters]) => ({ format, parameters }))
      .sort((a, b) => b.parameters - a.parameters);
    return { parts, formats, total: parts.reduce((sum, { count }) => sum + count, 0) };
  }
}

/** All layers multiply by the same stored matrices. */
function sharesLayers(placed: readonly PlacedUse[]): boolean {
  const matrices = placed
    .filter(({ use, part }) => part === 'attention' && use.kind === 'projection')
    .map(({ use }) => (use as Projection).weight.name);
  return new Set(matrices).size * 2 <= matrices.length;
}

function fits(embedding: StoredMatrix, matrix: StoredMatrix): boolean {
  return embedding.rows === matrix.rows && embedding.width === matrix.width;
}

function compared(embedding: StoredMatrix, matrix: StoredMatrix): boolean | undefined {
  const isSame = embedding.file === matrix.file && embedding.tensor.name === matrix.tensor.name;
  return isSame || sameWeights(embedding, matrix);
}

function tableMatrix(file: Uint8Array, { weight, node }: Table): StoredMatrix {
  const [rows = 0, width = 0] = weight.dims;
  const isPacked = node.opType === 'GatherBlockQuantized' && weight.elementType === 2;
  const packing = isPacked ? 8 / Number(node.attributes?.get('bits') ?? 4) : 1;
  return { file, tensor: weight, rows, width: width * packing, layout: packing === 2 ? 'nibbles' : 'rows' };
}

/** As `[outputs, inputs]`, the way an embedding lies. */
function projectionMatrix(file: Uint8Array, { weight, inSize, outSize, node }: Projection): StoredMatrix {
  const isRows =
    weight.dims.at(-2) === outSize && weight.dims.at(-1) === inSize && node.opType !== 'MatMulInteger';
  if (node.opType === 'MatMulBnb4') {
    return { file, tensor: weight, rows: outSize, width: inSize, layout: 'codes' };
  }
  const layout = node.opType === 'MatMulNBits' ? 'nibbles' : isRows && inSize !== outSize ? 'rows' : 'turned';
  return { file, tensor: weight, rows: outSize, width: inSize, layout };
}

function bitsOf({ node }: Projection | Table): number | undefined {
  return ['MatMulNBits', 'MatMulBnb4', 'GatherBlockQuantized'].includes(node.opType)
    ? Number(node.attributes?.get('bits') ?? 4)
    : undefined;
}

function formatOf(elementType: number, bits: number | undefined): WeightFormat {
  if (bits === 4 || elementType === 21 || elementType === 22) {
    return '4-bit';
  }
  const names: Readonly<Record<number, WeightFormat>> = {
    1: 'fp32',
    2: 'int8',
    3: 'int8',
    10: 'fp16',
    16: 'bf16',
  };
  return names[elementType] ?? 'other';
}
