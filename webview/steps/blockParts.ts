import type { AttentionStrings } from '../../src/protocol/attentionStrings';
import type { LayerSteps, NormStep, SublayerSteps } from '../../src/protocol/layerSteps';
import type { PartName } from '../common/stepsPart';

/** A part as the map draws it. */
export interface BlockPart {
  readonly name: PartName;
  readonly label: string;
  readonly look: 'positions' | 'attention' | 'heads' | 'add' | 'norm' | 'forward';
  /** Of an addition: the place of the part in front of which the stream is led around. */
  readonly around?: number;
}

/** The parts of a layer in the order in which a token passes them. */
export function blockParts(
  steps: LayerSteps | null,
  causal: boolean,
  strings: AttentionStrings,
): readonly BlockPart[] {
  const parts: BlockPart[] = [{ name: 'positions', label: strings.stepsPositions, look: 'positions' }];
  for (const half of steps?.sublayers ?? []) {
    parts.push(...halfParts(half, parts.length, causal, strings));
  }
  if (parts.length === 1) {
    parts.push({ name: 'weights:self', label: selfName(causal, strings), look: 'attention' });
  }
  return parts;
}

function halfParts(
  { kind, before, after }: SublayerSteps,
  around: number,
  causal: boolean,
  strings: AttentionStrings,
): BlockPart[] {
  const norm = (step: NormStep): BlockPart => ({
    name: `norm:${kind}`,
    label: step.form === 'rms' ? strings.stepsRmsNorm : strings.stepsLayerNorm,
    look: 'norm',
  });
  const inner: BlockPart[] =
    kind === 'feedForward'
      ? [{ name: 'forward', label: strings.stepsForward, look: 'forward' }]
      : [
          {
            name: `weights:${kind}`,
            label: kind === 'cross' ? strings.stepsCross : selfName(causal, strings),
            look: 'attention',
          },
          { name: `heads:${kind}`, label: strings.stepsHeads, look: 'heads' },
        ];
  return [
    ...(before ? [norm(before)] : []),
    ...inner,
    { name: `add:${kind}`, label: strings.stepsAdd, look: 'add', around },
    ...(after ? [norm(after)] : []),
  ];
}

function selfName(causal: boolean, strings: AttentionStrings): string {
  return causal ? strings.stepsMasked : strings.stepsSelf;
}

/** The half block that a part belongs to. */
export function halfOf(steps: LayerSteps, part: PartName): SublayerSteps | undefined {
  const kind = part === 'forward' ? 'feedForward' : part.split(':')[1];
  return steps.sublayers.find((each) => each.kind === kind);
}
