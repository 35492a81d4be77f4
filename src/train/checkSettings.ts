import { ScopeError } from '../protocol/errors';
import {
  type TrainSettings,
  largestSeed,
  learningRateLimits,
  trainChoices,
  trainPositions,
  trainTasks,
} from '../protocol/train';

/**
 * Settings that came over a wire or out of storage.
 * @throws {ScopeError} `badRequest` where one is none of those that are offered
 */
export function checkSettings(settings: TrainSettings): TrainSettings {
  const { task, positions, causal, learningRate, seed } = settings;
  const offered =
    trainTasks.includes(task) &&
    trainPositions.includes(positions) &&
    typeof causal === 'boolean' &&
    Object.entries(trainChoices).every(([key, choices]) =>
      (choices as readonly number[]).includes(settings[key as keyof typeof trainChoices]),
    );
  if (!offered || !isLearningRate(learningRate) || !isSeed(seed)) {
    throw new ScopeError('badRequest', JSON.stringify(settings));
  }
  return settings;
}

function isLearningRate(value: unknown): value is number {
  return typeof value === 'number' && value >= learningRateLimits.least && value <= learningRateLimits.most;
}

function isSeed(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largestSeed;
}
