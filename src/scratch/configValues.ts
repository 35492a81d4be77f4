import { ScopeError } from '../protocol/errors';
import type { Activation } from './activations';

/** A model's `config.json`. */
export type ModelConfig = Readonly<Record<string, unknown>>;

/** Hugging Face's names of the activations. */
const activationNames: Readonly<Record<string, Activation>> = {
  relu: 'relu',
  gelu: 'gelu',
  gelu_new: 'geluTanh',
  gelu_pytorch_tanh: 'geluTanh',
  silu: 'silu',
  swish: 'silu',
  quick_gelu: 'quickGelu',
};

/** A number of the configuration. @throws {ScopeError} when it is missing, unless there is a fallback */
export function numberIn(config: ModelConfig, key: string, fallback?: number): number {
  const value = config[key] ?? fallback;
  if (typeof value !== 'number') {
    throw new ScopeError('modelUnsupported', `config.json gives no number “${key}”`);
  }
  return value;
}

/** The activation of the configuration. @throws {ScopeError} for one that is not written here */
export function activationIn(config: ModelConfig, key: string, fallback: string): Activation {
  const name = String(config[key] ?? fallback);
  const activation = activationNames[name];
  if (!activation) {
    throw new ScopeError('modelUnsupported', `activation “${name}”`);
  }
  return activation;
}

/** @throws {ScopeError} when the model is of another kind, or has a setting that changes the arithmetic */
export function requireKind(config: ModelConfig, kind: string, refused: readonly string[] = []): void {
  if (config['model_type'] !== kind) {
    throw new ScopeError(
      'modelUnsupported',
      `a model of type “${String(config['model_type'])}”, not “${kind}”`,
    );
  }
  const setting = refused.find((key) => config[key] === true);
  if (setting) {
    throw new ScopeError('modelUnsupported', `a model with “${setting}”`);
  }
}
