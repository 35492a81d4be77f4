import {
  type TrainSettings,
  largestSeed,
  learningRateLimits,
  trainChoices,
  trainPositions,
  trainTasks,
} from '../protocol/train';
import { type Shape, fields, flag, number, oneOf, whole } from '../protocol/shape';

/** Settings as they come over a wire or out of storage: each one of those that are offered. */
export const trainSettings: Shape<TrainSettings> = fields<TrainSettings>({
  task: oneOf(trainTasks),
  numHeads: oneOf<number>(trainChoices.numHeads),
  modelWidth: oneOf<number>(trainChoices.modelWidth),
  numLayers: oneOf<number>(trainChoices.numLayers),
  positions: oneOf(trainPositions),
  causal: flag,
  learningRate: number(learningRateLimits.least, learningRateLimits.most),
  batchSize: oneOf<number>(trainChoices.batchSize),
  seed: whole(0, largestSeed),
});

/** @throws {ScopeError} `badRequest` where one is none of those that are offered */
export function checkSettings(settings: unknown): TrainSettings {
  return trainSettings(settings, 'settings');
}
