import type { Strategy } from '../protocol/prompts';

const none: Strategy = { shots: 0, reasoning: false, role: false, format: false };

/** The six ways that a workbench begins with: each differs from zero-shot in one thing. */
export function basicStrategies(shots: number): Strategy[] {
  return [
    none,
    { ...none, shots: 1 },
    { ...none, shots },
    { ...none, reasoning: true },
    { ...none, role: true },
    { ...none, format: true },
  ];
}

/** A name that files and results carry, e.g. `few-shot-5+reasoning`. */
export function strategyId({ shots, reasoning, role, format }: Strategy): string {
  const base = shots === 0 ? 'zero-shot' : shots === 1 ? 'one-shot' : `few-shot-${shots}`;
  return [base, reasoning && 'reasoning', role && 'role', format && 'format'].filter(Boolean).join('+');
}

/** Reads {@link strategyId}; null for anything else. */
export function parseStrategyId(id: string): Strategy | null {
  const [base = '', ...parts] = id.split('+');
  const shots =
    base === 'zero-shot' ? 0 : base === 'one-shot' ? 1 : Number(/^few-shot-(\d+)$/.exec(base)?.[1]);
  const known = new Set(['reasoning', 'role', 'format']);
  if (!Number.isSafeInteger(shots) || shots > maxShots || parts.some((part) => !known.has(part))) {
    return null;
  }
  const strategy = {
    shots,
    reasoning: parts.includes('reasoning'),
    role: parts.includes('role'),
    format: parts.includes('format'),
  };
  return strategyId(strategy) === id ? strategy : null;
}

const maxShots = 32;
