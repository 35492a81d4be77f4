import type { CodeStep } from '../protocol/oneNumber';

/** Where a step is written down: a file of `src/scratch` and the function in it. */
export interface CodePlace {
  readonly file: string;
  readonly name: string;
}

export const codePlaces: Readonly<Record<CodeStep, CodePlace>> = {
  product: { file: 'matrixProduct.ts', name: 'multiplyByTransposed' },
  scale: { file: 'attention.ts', name: 'scaledDotProductAttention' },
  mask: { file: 'masks.ts', name: 'causalMask' },
  softmax: { file: 'softmax.ts', name: 'softmaxRows' },
  weight: { file: 'explainWeight.ts', name: 'explainWeight' },
  values: { file: 'matrixProduct.ts', name: 'multiply' },
  heads: { file: 'headShare.ts', name: 'headShare' },
  add: { file: 'residual.ts', name: 'addAndNorm' },
  norm: { file: 'normalization.ts', name: 'normalize' },
  feedForward: { file: 'feedForward.ts', name: 'feedForward' },
  encoderBlock: { file: 'encoderBlock.ts', name: 'encoderBlock' },
  decoderBlock: { file: 'decoderBlock.ts', name: 'decoderBlock' },
  learned: { file: 'embedding.ts', name: 'learnedPositions' },
  sinusoidal: { file: 'sinusoidalPositions.ts', name: 'sinusoidalPositions' },
  rotary: { file: 'rotaryPositions.ts', name: 'rotate' },
  alibi: { file: 'alibi.ts', name: 'alibiBias' },
};

/** The line of an exported function in its file, from 0; -1 when it is not there. */
export function lineOfFunction(text: string, name: string): number {
  return text
    .split('\n')
    .findIndex((line) =>
      [`export function ${name}(`, `export function ${name}<`].some((head) => line.startsWith(head)),
    );
}
