import { type TemplateResult, html, nothing, svg } from 'lit';
import type { Architecture, ParameterPart, StackName } from '../../src/protocol/architecture';
import type { ArchitectureStrings } from '../../src/protocol/architectureStrings';
import { fill } from '../common/format';
import { architecturePartNames, exact, rounded, share } from './architectureNames';
import { type Box, type StackLayout, layoutStack } from './stackLayout';

export interface DiagramProps {
  readonly model: Architecture;
  readonly strings: ArchitectureStrings;
  readonly locale: string;
  readonly onOpen: (part: ParameterPart) => void;
  /** The part that is pointed at, or nothing. */
  readonly onPoint: (text: string | null) => void;
}

const width = 250;
/** Of one of two stacks beside each other. */
const half = 150;
const foot = 26;
const head = 20;

/** A model as the stack of its parts, each a button: the text enters below, the answer leaves above. */
export function stackDiagram(props: DiagramProps): TemplateResult {
  const { model, strings } = props;
  const isPair = model.kind === 'encoder-decoder';
  const stacks = isPair
    ? [layoutStack(model, 'encoder', 0, half), layoutStack(model, 'decoder', half, half)]
    : [layoutStack(model, undefined, 0, width)];
  const wide = isPair ? 2 * half : width;
  const tallest = Math.max(...stacks.map(({ height }) => height));
  const high = tallest + foot + head;
  return html`<svg
    class="stack-diagram"
    viewBox=${`0 0 ${wide} ${high}`}
    width=${wide}
    height=${high}
    role="group"
    aria-label=${fill(strings.archStack, model.name)}
  >
    ${stacks.map(
      (stack) =>
        svg`<g transform=${`translate(0 ${head + tallest - stack.height})`}>${drawStack(stack, props)}</g>`,
    )}
    ${isPair ? drawMemory(stacks, head + tallest) : nothing}
  </svg>`;
}

function drawStack(stack: StackLayout, props: DiagramProps): TemplateResult {
  const { model, strings } = props;
  const { x, middle, height, block, times } = stack;
  const left = x + 4;
  const entry =
    stack.stack === 'encoder'
      ? strings.archSource
      : stack.stack === 'decoder'
        ? strings.archTarget
        : strings.archText;
  const repeats = fill(model.sharedLayers ? strings.archTimesShared : strings.archTimes, times);
  // Upwards, so that reading and tabbing follow the text through the model.
  return svg`<path class="stream" d=${`M${middle} ${height + 6}V-12m-3.5 6l3.5 -6l3.5 6`} />
    <rect class="frame" x=${left} y=${block.top} width=${stack.width - 8} height=${block.bottom - block.top} rx="5" />
    <text class="times" x=${left + stack.width - 14} y=${block.top + 4} text-anchor="end">${repeats}</text>
    ${stack.residuals.map(
      ({ from, to }) =>
        svg`<path class="stream" d=${`M${middle} ${from}H${left + 9}V${to}H${middle - 8}m-5 -3l5 3l-5 3`} />`,
    )}
    ${stack.sums.map(
      (y) => svg`<circle class="sum" cx=${middle} cy=${y} r="7" />
        <path class="plus" d=${`M${middle - 4} ${y}h8M${middle} ${y - 4}v8`} />`,
    )}
    <text class="entry" x=${middle} y=${height + 20} text-anchor="middle">${entry}</text>
    ${stack.boxes.map((box) => drawBox(box, stack.stack, props))}`;
}

function drawBox(box: Box, stack: StackName | undefined, props: DiagramProps): TemplateResult {
  const { strings, onOpen, onPoint } = props;
  const { part, x, y, width: wide, height, mask } = box;
  const text = partText(part, stack, props);
  const open = (): void => {
    onOpen(part);
  };
  const middle = x + wide / 2;
  const label = labelOf(box, strings);
  const count = countOf(props.model, part, stack);
  const under = count === null ? strings.archSharesShort : rounded(count);
  const centre = mask ? middle + 10 : middle;
  // The button lies over the drawing, so that its name is the whole sentence and not the abbreviation that is seen.
  return svg`<g class=${`box box-${part}`}>
    <g aria-hidden="true">
      <rect x=${x} y=${y} width=${wide} height=${height} rx="3" />
      ${mask ? drawMask(x + 4, y + 7, mask) : nothing}
      ${
        box.label === 'norm'
          ? svg`<text x=${middle} y=${y + 14} text-anchor="middle">${label}</text>`
          : svg`<text x=${centre} y=${y + 13} text-anchor="middle">${label}</text>
            <text class="count" x=${centre} y=${y + 25} text-anchor="middle">${under}</text>`
      }
    </g>
    <rect
      class="hit"
      x=${x}
      y=${y}
      width=${wide}
      height=${height}
      rx="3"
      role="button"
      tabindex="0"
      aria-label=${text}
      data-part=${part}
      @click=${open}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          open();
        }
      }}
      @pointerenter=${() => {
        onPoint(text);
      }}
      @pointerleave=${() => {
        onPoint(null);
      }}
      @focus=${() => {
        onPoint(text);
      }}
      @blur=${() => {
        onPoint(null);
      }}
    />
  </g>`;
}

/** Who sees whom, rows are queries: everyone everyone, or each only what is before it. */
function drawMask(x: number, y: number, mask: 'both' | 'past'): TemplateResult {
  const cells = 4;
  const size = 16 / cells;
  return svg`<g class="mask">${Array.from({ length: cells * cells }, (_, index) => {
    const [row, column] = [Math.floor(index / cells), index % cells];
    const isSeen = mask === 'both' || column <= row;
    return svg`<rect class=${isSeen ? 'seen' : 'hidden'} x=${x + column * size} y=${y + row * size} width=${size - 0.8} height=${size - 0.8} />`;
  })}</g>`;
}

/** From the top of the encoder to the cross attention of the decoder. */
function drawMemory(
  [encoder, decoder]: readonly StackLayout[],
  bottom: number,
): TemplateResult | typeof nothing {
  if (!encoder || decoder?.cross === undefined) {
    return nothing;
  }
  const from = bottom - encoder.height - 6;
  const to = bottom - decoder.height + decoder.cross;
  const between = decoder.x + 1;
  return svg`<path class="stream memory" d=${`M${encoder.middle} ${from}H${between}V${to}H${decoder.x + 20}m-5 -3l5 3l-5 3`} />`;
}

function labelOf({ part, label, width: wide }: Box, strings: ArchitectureStrings): string {
  const isNorm = part === 'embeddingNorm' || part === 'finalNorm';
  if (label === 'norm' || (isNorm && wide < half)) {
    return strings.archNorm;
  }
  const short: Partial<Record<ParameterPart, string>> = {
    tokenEmbedding: strings.archTokenShort,
    positionEmbedding: strings.archPositionShort,
    tokenTypeEmbedding: strings.archTypeShort,
  };
  return (label === 'short' ? short[part] : undefined) ?? strings[architecturePartNames[part]];
}

/** Null for what has no parameters of its own, because it shares them. */
function countOf(
  { parameters }: Architecture,
  part: ParameterPart,
  stack: StackName | undefined,
): number | null {
  const found = parameters.parts.filter(
    (each) => each.part === part && (stack === undefined || each.stack === stack),
  );
  return found.length === 0 ? null : found.reduce((sum, { count }) => sum + count, 0);
}

const inLayers: ReadonlySet<ParameterPart> = new Set<ParameterPart>([
  'attention',
  'crossAttention',
  'feedForward',
  'layerNorms',
]);

/** A part in a sentence: how many parameters, what share, how many in each layer. */
function partText(
  part: ParameterPart,
  stack: StackName | undefined,
  { model, strings, locale }: DiagramProps,
): string {
  const name = strings[architecturePartNames[part]];
  const count = countOf(model, part, stack);
  if (count === null) {
    return fill(strings.archNoPart, name);
  }
  const layers = (stack === 'decoder' ? model.decoderLayers : model.layers) ?? model.layers;
  const common = [name, exact(count, locale), share(count, model.parameters.total), model.name] as const;
  if (!inLayers.has(part)) {
    return fill(strings.archPart, ...common);
  }
  return model.sharedLayers
    ? fill(strings.archPartShared, ...common, layers)
    : fill(strings.archPartLayers, ...common, exact(count / layers, locale), layers);
}
