import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Shape } from './makeModel';

/**
 * Milliseconds by number of tokens of PyTorch eager with `output_attentions=True`, by the Python that
 * `TRANSFORMER_SCOPE_PYTHON` names (it needs torch and transformers). Undefined when it is not set.
 */
export function pytorchForward(
  shape: Shape,
  threads: number,
  rounds: number,
  lengths: readonly number[],
): Record<string, number> | undefined {
  const python = process.env['TRANSFORMER_SCOPE_PYTHON'];
  if (python === undefined) {
    return undefined;
  }
  const script = join(__dirname, 'pytorch.py');
  const output = execFileSync(
    python,
    [script, shape.modelType, String(threads), String(rounds), lengths.join(',')],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Record<string, number>;
}
