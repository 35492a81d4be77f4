import { type ComparePart, type Side, compareParts, sides } from '../protocol/compare';
import { ScopeError } from '../protocol/errors';

/** A page's parameters are not trusted. */

export function checkedIndex(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new ScopeError('badRequest', String(value));
  }
  return value;
}

export function checkedSide(side: Side): Side {
  if (!sides.includes(side)) {
    throw new ScopeError('badRequest', String(side));
  }
  return side;
}

export function checkedPart(part: ComparePart): ComparePart {
  if (!compareParts.includes(part)) {
    throw new ScopeError('badRequest', String(part));
  }
  return part;
}
