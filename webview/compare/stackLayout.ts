import type { Architecture, ParameterPart, StackName } from '../../src/protocol/architecture';

/** Where the parts of a stack stand in its diagram: units are pixels, y grows downwards, the text enters below. */

export interface Box {
  readonly part: ParameterPart;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Small boxes have short labels. */
  readonly label: 'part' | 'short' | 'norm';
  /** Within the block that is repeated. */
  readonly inBlock: boolean;
  /** Of attention: whether it sees only the past. */
  readonly mask?: 'both' | 'past';
}

export interface StackLayout {
  readonly stack: StackName | undefined;
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** Middles of the circles where tensors are added. */
  readonly sums: readonly number[];
  /** Around a half block: from where the stream leaves to where the result is added to it. */
  readonly residuals: readonly { readonly from: number; readonly to: number }[];
  /** The frame around what is repeated. */
  readonly block: { readonly top: number; readonly bottom: number };
  readonly times: number;
  readonly middle: number;
  /** Middle of the cross attention, where there is one. */
  readonly cross?: number;
}

const boxHeight = 30;
const normHeight = 20;
const gap = 12;
const sumSize = 14;
const margin = 22;

/** Lays out one stack in a column. */
export function layoutStack(
  model: Architecture,
  stack: StackName | undefined,
  x: number,
  width: number,
): StackLayout {
  const column = new Column(x + margin, width - 2 * margin);
  const has = (part: ParameterPart): boolean =>
    model.parameters.parts.some(
      (each) => each.part === part && (stack === undefined || each.stack === stack),
    );
  // What both stacks share is counted for the encoder, but both read it.
  column.row(
    (['tokenEmbedding', 'positionEmbedding', 'tokenTypeEmbedding'] as const).filter(
      (part) =>
        part === 'tokenEmbedding' || (has(part) && !(part === 'positionEmbedding' && actsInside(model))),
    ),
  );
  column.addUp();
  for (const part of ['embeddingNorm', 'embeddingProjection'] as const) {
    if (has(part)) {
      column.box(part, 'part');
    }
  }
  const bottom = column.beginBlock();
  const isPre = model.normalization.placement === 'pre';
  const half = (part: ParameterPart, mask?: Box['mask']): void => {
    const from = column.level - gap / 2;
    if (isPre) {
      column.box('layerNorms', 'norm');
    }
    column.box(part, 'part', mask);
    column.addBack(from);
    if (!isPre) {
      column.box('layerNorms', 'norm');
    }
  };
  half('attention', stack === 'decoder' || (stack === undefined && model.causal) ? 'past' : 'both');
  if (stack === 'decoder' && has('crossAttention')) {
    half('crossAttention', 'both');
  }
  half('feedForward');
  const top = column.endBlock();
  if (has('finalNorm')) {
    column.box('finalNorm', 'part');
  }
  const isTied = stack !== 'encoder' && model.tiedEmbeddings === true;
  column.row(
    (['outputHead', 'pooler'] as const).filter((part) => has(part) || (part === 'outputHead' && isTied)),
  );
  const { level: height, boxes, sums, residuals } = column;
  const flip = (y: number): number => height - y;
  const cross = boxes.find(({ part }) => part === 'crossAttention');
  return {
    ...{ stack, x, width, height, middle: x + width / 2 },
    boxes: boxes.map((box) => ({ ...box, y: flip(box.y) - box.height })),
    sums: sums.map(flip),
    residuals: residuals.map(({ from, to }) => ({ from: flip(from), to: flip(to) })),
    block: { top: flip(top), bottom: flip(bottom) },
    times: (stack === 'decoder' ? model.decoderLayers : model.layers) ?? model.layers,
    ...(cross && { cross: flip(cross.y + cross.height / 2) }),
  };
}

/** Rotary positions and biases act inside the attention, not on the sum of embeddings. */
function actsInside({ positions }: Architecture): boolean {
  return positions !== 'learned' && positions !== 'sinusoidal';
}

/** Stacks boxes upwards from 0. */
class Column {
  level = 0;
  readonly boxes: Box[] = [];
  readonly sums: number[] = [];
  readonly residuals: { from: number; to: number }[] = [];
  private inBlock = false;
  private lastRow = 0;

  constructor(
    private readonly x: number,
    private readonly width: number,
  ) {}

  box(part: ParameterPart, label: 'part' | 'norm', mask?: Box['mask']): void {
    const height = label === 'norm' ? normHeight : boxHeight;
    const { x, width, inBlock, level: y } = this;
    this.boxes.push({ part, label, x, y, width, height, inBlock, ...(mask && { mask }) });
    this.level += height + gap;
  }

  /** Side by side; one alone takes the whole width. */
  row(parts: readonly ParameterPart[]): void {
    const space = 4;
    const width = (this.width - space * (parts.length - 1)) / parts.length;
    parts.forEach((part, at) => {
      this.boxes.push({
        ...{ part, y: this.level, width, height: boxHeight, inBlock: false },
        label: parts.length > 1 ? 'short' : 'part',
        x: this.x + at * (width + space),
      });
    });
    this.lastRow = parts.length;
    this.level += parts.length > 0 ? boxHeight + gap : 0;
  }

  /** The sum of a row, where it has more than one box. */
  addUp(): void {
    if (this.lastRow > 1) {
      this.sum();
    }
  }

  addBack(from: number): void {
    this.residuals.push({ from, to: this.level + sumSize / 2 });
    this.sum();
  }

  beginBlock(): number {
    this.inBlock = true;
    const edge = this.level - gap / 2;
    this.level += gap + 4;
    return edge;
  }

  endBlock(): number {
    this.inBlock = false;
    const edge = this.level;
    this.level += gap;
    return edge;
  }

  private sum(): void {
    this.sums.push(this.level + sumSize / 2);
    this.level += sumSize + gap;
  }
}
