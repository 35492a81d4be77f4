import type { TrainSettings } from '../protocol/train';

/** What is there at first. */
export const firstSettings: TrainSettings = {
  task: 'reverse',
  numHeads: 1,
  modelWidth: 32,
  numLayers: 1,
  positions: 'sinusoidal',
  causal: false,
  learningRate: 0.002,
  batchSize: 16,
  seed: 1,
};

/** An experiment, and what comes of it. Its texts are page strings of the same name. */
export interface Preset {
  readonly id: PresetId;
  readonly settings: TrainSettings;
  /** After so many steps, or as soon as it diverges, the held-out accuracy lies within these borders. */
  readonly outcome: {
    readonly step: number;
    readonly least: number;
    readonly most: number;
    readonly diverges: boolean;
  };
}

export const presetIds = [
  'reverse',
  'reverseWithoutPositions',
  'pickWithoutPositions',
  'sortOneHead',
  'sortFourHeads',
  'reverseFourHeads',
  'sortByMask',
  'rateTooHigh',
  'rateAbsurd',
] as const;
export type PresetId = (typeof presetIds)[number];

const preset = (
  id: PresetId,
  settings: Partial<TrainSettings>,
  step: number,
  [least, most]: readonly [number, number],
  diverges = false,
): Preset => ({ id, settings: { ...firstSettings, ...settings }, outcome: { step, least, most, diverges } });

export const presets: readonly Preset[] = [
  preset('reverse', {}, 200, [0.99, 1]),
  preset('reverseWithoutPositions', { positions: 'none' }, 150, [0.3, 0.45]),
  preset('pickWithoutPositions', { task: 'pick', positions: 'none' }, 80, [0.99, 1]),
  preset('sortOneHead', { task: 'sort' }, 100, [0.8, 0.93]),
  preset('sortFourHeads', { task: 'sort', numHeads: 4 }, 100, [0.95, 1]),
  preset('reverseFourHeads', { numHeads: 4 }, 100, [0.6, 0.75]),
  preset('sortByMask', { task: 'sort', positions: 'none', causal: true, numHeads: 2 }, 150, [0.97, 1]),
  preset('rateTooHigh', { learningRate: 0.1 }, 60, [0.05, 0.2]),
  preset('rateAbsurd', { learningRate: 10 }, 20, [0, 1], true),
];
