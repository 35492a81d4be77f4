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
};

/** The line of an exported function in its file, from 0; -1 when it is not there. */
export function lineOfFunction(text: string, name: string): number {
  return text.split('\n').findIndex((line) => line.startsWith(`export function ${name}(`));
}
