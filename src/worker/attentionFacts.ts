import type { SelfCheck } from '../attention/selfCheck';
import { refuseCancelled } from '../inference/cancellation';
import type { ModelConfig } from '../inference/modelConfig';
import type { AttentionWarning } from '../protocol/attention';
import type { CancellationToken } from '../protocol/jsonrpc';
import type { Token } from '../protocol/model';

/** A row of a softmax may miss 1 by rounding; float16 graphs by more. */
const rowTolerance = 5e-3;

/** Lets waiting messages in, a cancellation among them: a run blocks the process. @throws {ScopeError} `cancelled` */
export async function breathe(token: CancellationToken): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  refuseCancelled(token);
}

export function coveredRange(tokens: readonly Token[]): { start: number; end: number } {
  const content = tokens.filter((token) => token.end > token.start);
  return { start: content[0]?.start ?? 0, end: content.at(-1)?.end ?? 0 };
}

export function warningsOf(check: SelfCheck, config: ModelConfig, numLayers: number): AttentionWarning[] {
  const warnings: AttentionWarning[] = [];
  if (check.rowDeviation > rowTolerance) {
    warnings.push({ kind: 'rowsDoNotSumToOne', deviation: check.rowDeviation });
  }
  if (config.numLayers !== undefined && config.numLayers !== numLayers) {
    warnings.push({ kind: 'layersDiffer', expected: config.numLayers, found: numLayers });
  }
  if (config.causal && check.lookAhead > rowTolerance) {
    warnings.push({ kind: 'notCausal', weight: check.lookAhead });
  }
  return warnings;
}
